import type { ComponentChildren } from 'preact';

interface Props {
  level: 1 | 2;
  children: ComponentChildren;
  /** "Reading…", while an answer is awaited: beside the heading, not a part of it. */
  pending: string | null;
}

export function Heading({ level, children, pending }: Props) {
  const Name = `h${level}` as const;
  return (
    <div class="heading">
      <Name>{children}</Name>
      {pending !== null && <span class="pending">{pending}</span>}
    </div>
  );
}

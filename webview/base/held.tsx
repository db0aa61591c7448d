import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Label } from './page.tsx';

interface Props {
  /** The question that the picture answers, in words. */
  name: string;
  label: Label;
  /** The picture with all that belongs to it; null: this question has no picture yet. */
  children: ComponentChildren;
}

/**
 * Until there is a new picture, the earlier one stays in its place, pale and under its own name, so that nobody takes
 * it for the new one. It is not drawn again, so its table and its files have the right name, too. A new `key`, for
 * another subject, removes it.
 */
export function Held({ name, label, children }: Props) {
  const held = useRef<Pick<Props, 'name' | 'children'> | null>(null);
  if (children) held.current = { name, children };
  const isOlder = !children && held.current !== null;
  return (
    <div class={isOlder ? 'held older' : 'held'} aria-busy={isOlder}>
      {isOlder && <p class="before">{label('stillBefore', held.current!.name)}</p>}
      <div>{held.current?.children}</div>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Label } from './page.tsx';

interface Props {
  /** What it is a picture of: its question in words. */
  name: string;
  label: Label;
  /** The picture with all that belongs to it; null: this question has no picture yet. */
  children: ComponentChildren;
}

/**
 * Until there is a picture, the one before it stays where it was, pale and under its own name, so that nobody takes it
 * for the new one. It is left as it was drawn then: its table and its files bear the right name too. Another subject is
 * another `key`: then nothing of it stays.
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

import type { Props } from './options.ts';

/** What solid and dashed bars and lines say, for a file: on the page the legend is above them. */
export function barNotes({ sides }: Props['content'], label: Props['label']): string[] {
  return sides ? [label('solid', sides.for), label('dashed', sides.against)] : [];
}

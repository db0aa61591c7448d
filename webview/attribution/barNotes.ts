import type { Props } from './options.ts';

/** What solid and dashed bars and lines say, for a file: on the page the legend is above them. */
export function barNotes(content: Props['content'], label: Props['label']): string[] {
  const { sides } = content;
  const meaning = sides ? [label('solid', sides.for), label('dashed', sides.against)] : [];
  return [...meaning, ...unitNotes(content, label)];
}

/** The unit is said once, since no number has it. */
export function unitNotes({ totals }: Props['content'], label: Props['label']): string[] {
  return totals.filter(({ id }) => id === 'unit').map(({ name, value }) => label('fact', name, value));
}

/** What the marks of a text without colours say. */
export function markNotes({ sides }: Props['content'], label: Props['label']): string[] {
  return [
    label('bold', sides?.for ?? label('moves')),
    ...(sides ? [label('italic', sides.against)] : []),
    label('raised'),
  ];
}

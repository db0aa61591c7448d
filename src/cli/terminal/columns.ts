/** Text measured in the columns of a terminal, where a Chinese character takes two. */
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cut to at most `width` columns, the cut marked by `…`. */
export function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const [head] = splitAt(text, width - 1);
  return `${head}…`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The most whole characters that fit into `width` columns, and the rest. */
export function splitAt(text: string, width: number): [string, string] {
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

/** How a text is divided into parts that are taken as a whole. */
import * as v from 'valibot';

/**
 * `items`: what a list marker or a blank line begins, as in lists and in prompts with examples.
 */
export const segmentations = ['sentences', 'lines', 'items'] as const;

/** Half-open UTF-16 ranges of the text in ascending order: `0-12,12-30`. What is in none of them is no part. */
export type Ranges = `${number}-${number}${string}`;

export type Segmentation = (typeof segmentations)[number] | Ranges;
export type Partition = 'words' | Segmentation;

export interface Piece {
  start: number;
  end: number;
}

const oneRange = /^(\d{1,9})-(\d{1,9})$/;

/** Null for a text that is no list of ranges, or of ranges that overlap, are empty or are not in ascending order. */
export function rangesOf(text: string): Piece[] | null {
  const ranges: Piece[] = [];
  for (const one of text.split(',')) {
    const [, start, end] = oneRange.exec(one) ?? [];
    const range = { start: Number(start), end: Number(end) };
    if (!(range.start < range.end) || range.start < (ranges.at(-1)?.end ?? 0)) return null;
    ranges.push(range);
  }
  return ranges;
}

const isNamed = (text: string): text is (typeof segmentations)[number] =>
  (segmentations as readonly string[]).includes(text);

export const segmentation = v.custom<Segmentation>(
  (x) => typeof x === 'string' && (isNamed(x) || rangesOf(x) !== null),
  `${segmentations.join(' | ')} | START-END,START-END…`,
);

/** The parts that a text is divided into: words, lines. */
import type { Partition } from '../protocol/partition.ts';

/** A half-open UTF-16 range. */
export interface Piece {
  start: number;
  end: number;
}

/**
 * Where a token belongs: at its first character other than white space, because GPT-2's tokens begin with the space in
 * front of a word; at its last one when it is white space alone.
 */
export function firstCharacter(text: string, { start, end }: Piece): number {
  const white = /^\s*/.exec(text.slice(start, end))![0].length;
  return start + white < end ? start + white : Math.max(start, end - 1);
}

/** Words by the language's rules (Unicode's, a dictionary for Chinese), with the punctuation around them separate. */
export function wordStarts(text: string, { start, end }: Piece, locale: string): number[] {
  const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  return Array.from(segmenter.segment(text.slice(start, end)), ({ index }) => start + index);
}

/** A line break belongs to the line that it ends. */
export function lineStarts(text: string, { start, end }: Piece): number[] {
  const starts = [start];
  for (let at = text.indexOf('\n', start); at >= 0 && at + 1 < end; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/**
 * The number of the part at an offset, from 0 on; −1 in front of the first.
 * @param starts where the parts begin, ascending
 */
export function partAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The same for everybody: what a method computes does not depend on the editor's language. */
const neutral = 'en';

/** Of each token the number of the part of the text that it is in. */
export function partsOf(text: string, tokens: readonly Piece[], partition: Partition): number[] {
  const whole = { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 };
  const starts = {
    words: () => wordStarts(text, whole, neutral),
    lines: () => lineStarts(text, whole),
  }[partition]();
  return tokens.map((token) => partAt(starts, firstCharacter(text, token)));
}

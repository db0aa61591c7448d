/** The parts that a text is divided into: words, lines, sentences, items. */
import { type Partition, type Piece, rangesOf } from '../protocol/partition.ts';

export type { Piece };

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

/** What ends in a dot without ending a sentence. */
const abbreviation = /\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|cf|e\.g|i\.e|Fig|No)\.\s*$/;

/** Sentences by Unicode's rules; a line break ends one, white space alone is none. */
export function sentenceStarts(text: string, { start, end }: Piece, locale: string): number[] {
  const starts: number[] = [];
  let before = '';
  let isBlankSoFar = true;
  const segmenter = new Intl.Segmenter(locale, { granularity: 'sentence' });
  for (const { segment, index } of segmenter.segment(text.slice(start, end))) {
    const goesOn = isBlankSoFar || segment.trim() === '' || abbreviation.test(before);
    if (starts.length === 0 || !goesOn) starts.push(start + index);
    before = segment;
    isBlankSoFar &&= segment.trim() === '';
  }
  return starts;
}

/** `- `, `* `, `1. `, `b) `, `(iv) `, `Q: `, to which the line with `A: ` belongs … */
const listMarker = /^[ \t]*(?:[-*+•‣◦–—]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]|\d{1,3}、|[Qq]:)\s/;

/** What a list marker begins, or what comes after a blank line. */
export function itemStarts(text: string, whole: Piece): number[] {
  const lines = lineStarts(text, whole);
  const lineAt = (index: number) => text.slice(lines[index], lines[index + 1] ?? whole.end);
  const isBlank = (index: number) => lineAt(index).trim() === '';
  return lines.filter(
    (_, index) => index === 0 || (!isBlank(index) && (isBlank(index - 1) || listMarker.test(lineAt(index)))),
  );
}

/** The same for everybody: what a method computes does not depend on the editor's language. */
const neutral = 'en';

/** Of each token the number of the part of the text that it is in; −1 for one that is in none. */
export function partsOf(text: string, tokens: readonly Piece[], partition: Partition): number[] {
  const whole = { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 };
  const places = tokens.map((token) => firstCharacter(text, token));
  const numbered = (starts: readonly number[]) => places.map((place) => partAt(starts, place));
  switch (partition) {
    case 'words':
      return numbered(wordStarts(text, whole, neutral));
    case 'lines':
      return numbered(lineStarts(text, whole));
    case 'sentences':
      return numbered(sentenceStarts(text, whole, neutral));
    case 'items':
      return numbered(itemStarts(text, whole));
    default: {
      const ranges = rangesOf(partition) ?? [];
      return places.map((place) => ranges.findIndex(({ start, end }) => start <= place && place < end));
    }
  }
}

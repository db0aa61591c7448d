/** What token edits take as a whole: tokens that are whole characters, or words. */
import type { EncodedToken } from '../tokens.ts';
import { isWord } from './vocabulary.ts';

export interface Unit {
  /** Tokens from `first` to `end`, which is excluded. */
  first: number;
  end: number;
  /** In the text. */
  range: { start: number; end: number };
  text: string;
}

const isLetter = (character: string | undefined) =>
  character !== undefined && /[\p{L}\p{M}]/u.test(character);

/** @param text the whole text that the tokens are in */
export function unitsOf(tokens: readonly EncodedToken[], text: string, wordsOnly: boolean): Unit[] {
  const units: Unit[] = [];
  for (let first = 0; first < tokens.length; ) {
    const token = tokens[first]!;
    let end = first + 1;
    if (wordsOnly) while (end < tokens.length && isLetter(text[tokens[end]!.start])) end++;
    const range = { start: token.start, end: tokens[end - 1]!.end };
    const inside = text.slice(range.start, range.end);
    const isWhole = tokens.slice(first, end).every(({ name }) => name === undefined);
    const isUnit = !wordsOnly || (isWord(inside) && isWordAlone(text, range));
    if (isWhole && inside !== '' && isUnit) units.push({ first, end, range, text: inside });
    first = end;
  }
  return units;
}

/** Whether no letter goes on with it on either side. */
function isWordAlone(text: string, { start, end }: Unit['range']): boolean {
  const follows = /^\s/.test(text[start] ?? '') || !isLetter(text[start - 1]);
  return follows && !isLetter(text[end]);
}

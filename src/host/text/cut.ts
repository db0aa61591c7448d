/** Where texts can be cut, and what an edit leaves: GPT-2's pattern splits a text into words before any merge. */
import type { TextChange } from './trackedSpan.ts';

/**
 * From where on the tokens may differ after an edit: GPT-2's pattern may join what is inserted to the word in front of
 * it, or to the white space before that word, but to nothing earlier.
 * @param text the document's text, equal before and after the edit up to its first change
 */
export function firstChanged(changes: readonly TextChange[], text: string): number {
  let start = Math.min(...changes.map(({ rangeOffset }) => rangeOffset));
  while (start > 0 && !isSpace(text, start - 1)) start--;
  while (start > 0 && isSpace(text, start - 1)) start--;
  return start;
}

/**
 * Where a text can be cut so that the token at `offset` stays what it is: a token that begins with white space goes on
 * with the word behind it.
 */
export function cutBehindToken(text: string, offset: number): number {
  let word = offset;
  while (word < text.length && isSpace(text, word)) word++;
  return cutBehind(text, word);
}

/** A word that is longer is cut in the middle. */
const longestWord = 256;

/**
 * Where a text can be cut behind `offset` without changing the tokens in front of it: behind the first character of the
 * next word.
 */
export function cutBehind(text: string, offset: number): number {
  let end = offset;
  const most = Math.min(text.length, offset + longestWord);
  while (end < most && !isSpace(text, end)) end++;
  while (end < most && isSpace(text, end)) end++;
  const isPair = (text.codePointAt(end) ?? 0) > 0xffff;
  return Math.min(text.length, end + (isPair ? 2 : 1));
}

/** The white space of GPT-2's pattern: Unicode's property, not JavaScript's `\s`. */
function isSpace(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return /\p{White_Space}/u.test(text.charAt(index));
}

/** Which token a prediction is held against when nobody names one. */
import type { Distribution } from '../gpt2/distribution.ts';

/** How many of the most probable tokens are looked at. */
export const competitors = 10;

/** A token less probable than this fraction of the target competes with nothing. */
const leastShare = 1 / 100;

/**
 * The most probable other token that means something beside the target; null if there is none. Letters and pieces of
 * characters only compete with their like: what they would have become is not known.
 * @param distribution with its {@link competitors} most probable tokens
 */
export function competitorOf(target: number, isPiece: boolean, distribution: Distribution): number | null {
  const least = distribution.probability(target) * leastShare;
  const other = distribution.top.find(
    (token) => token.id !== target && token.probability >= least && (isPiece || !isPieceOfWord(token)),
  );
  return other?.id ?? null;
}

/** Words of one letter. */
const oneLetterWords = /^\s(?:[aAI])$/;

/** Whether a token is a single letter of an alphabet, or a part of a character. */
export function isPieceOfWord({ text }: { text: string }): boolean {
  if (text.includes('\ufffd')) return true;
  return /^\s?(?:\p{Lu}|\p{Ll})$/u.test(text) && !oneLetterWords.test(text);
}

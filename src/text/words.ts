/**
 * Words and their surprisal. Where a word ends is only known from the white space that the next token begins with, so
 * the sum over a word's tokens leaves its end out and counts the end of the word before (Pimentel & Meister 2024):
 * s(word) = Σ s(token) − b(before) + b(after), where b = −log p(white space or the end of the text comes next).
 */
import type { TokenScore } from '../protocol/results.ts';

/** Whether a text begins with white space: Unicode's property as in GPT-2's pattern, not JavaScript's `\s`. */
export const beginsWithSpace = (text: string): boolean => /^\p{White_Space}/u.test(text);

const isSpace = (text: string): boolean => /^\p{White_Space}*$/u.test(text);

export type WordToken = Pick<TokenScore, 'text' | 'start' | 'end' | 'logProb' | 'wordEnd'>;

/** Tokens `first` to `end`, which is excluded. */
interface WordTokens {
  first: number;
  end: number;
}

/** A word is what white space bounds; the white space in front belongs to it. */
export interface Word extends WordTokens {
  /** In nats; null for a first word that nothing predicts, and where not all of what it takes is known. */
  logProb: number | null;
}

/**
 * All tokens, each in one group: words, and the white space at the end of the text, which is no word yet. A group is
 * also ended by a gap between tokens.
 */
export function wordGroups(tokens: readonly WordToken[]): WordTokens[] {
  const groups: WordTokens[] = [];
  let isBegun = false;
  for (const [index, token] of tokens.entries()) {
    const begins = index === 0 || !follows(tokens, index) || (isBegun && beginsWithSpace(token.text));
    if (begins) {
      groups.push({ first: index, end: index });
      isBegun = false;
    }
    groups.at(-1)!.end = index + 1;
    isBegun ||= !isSpace(token.text);
  }
  return groups;
}

/**
 * The words of consecutive tokens, those cut off by an end of the tokens or a gap left out.
 * @param wordEnd log p(white space or the end of the text) after the last token; null if it is not known
 */
export function wordsOf(tokens: readonly WordToken[], wordEnd: number | null): Word[] {
  return wordGroups(tokens).flatMap((group): Word[] => {
    const { first, end } = group;
    const own = tokens.slice(first, end);
    if (own.every(({ text }) => isSpace(text))) return [];
    const begin = tokens[first]!;
    const isFirst = begin.start === 0 && first === 0;
    // Without what stands in front of it, nobody knows whether the word begins here.
    if (!isFirst && !follows(tokens, first)) return [];
    const after = end < tokens.length ? (follows(tokens, end) ? tokens[end]!.wordEnd : null) : wordEnd;
    if (after === null) return [];
    const before = isFirst ? 0 : begin.wordEnd;
    const logProb = own.reduce<number | null>(
      (sum, token) => (sum === null || token.logProb === null ? null : sum + token.logProb),
      0,
    );
    return [{ ...group, logProb: logProb === null || before === null ? null : logProb - before + after }];
  });
}

function follows(tokens: readonly WordToken[], index: number): boolean {
  return index > 0 && tokens[index - 1]!.end === tokens[index]!.start;
}

/** A word with its text and UTF-16 range. */
export interface ShownWord {
  text: string;
  start: number;
  end: number;
  logProb: number | null;
}

/** @param text the text of the tokens */
export function shownWords(text: string, tokens: readonly WordToken[], wordEnd: number | null): ShownWord[] {
  return wordsOf(tokens, wordEnd).map(({ first, end: last, logProb }) => {
    const [start, end] = [tokens[first]!.start, tokens[last - 1]!.end];
    return { text: text.slice(start, end), start, end, logProb };
  });
}

/** The tokens that a person could type, and how they look. */
import type { Gpt2Tokenizer } from '../tokens.ts';

export interface TypedToken {
  id: number;
  text: string;
  /** Leading space and case, to be compared. */
  form: string;
  /** Letters only, but for a space in front. */
  isWord: boolean;
}

const known = new WeakMap<Gpt2Tokenizer, readonly TypedToken[]>();

/** Whole characters that can be seen or are white space, in the order of the ids. */
export function typedTokens(tokenizer: Gpt2Tokenizer): readonly TypedToken[] {
  let tokens = known.get(tokenizer);
  if (!tokens) {
    tokens = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.shown(id))
      .filter(({ id, name }) => name === undefined && tokenizer.bytesOf(id).length > 0)
      .map(({ id }) => ({ id, text: tokenizer.textOf(id) }))
      .filter(({ text }) => canBeTyped(text))
      .map((token) => ({ ...token, form: formOf(token.text), isWord: isWord(token.text) }));
    known.set(tokenizer, tokens);
  }
  return tokens;
}

const canBeTyped = (text: string) => !/[^\P{C}\t\n]|\ufffd/u.test(text);

/** Combining marks belong to the letter before them. */
export const isWord = (text: string) => /^ ?\p{L}[\p{L}\p{M}]*$/u.test(text);

/** Whether a space is in front, and the case of the letters: none, lower, Capitalised, UPPER or mixed. */
export function formOf(text: string): string {
  const space = /^\s/u.test(text) ? '_' : '';
  const letters = text.replace(/[^\p{L}]/gu, '');
  if (letters === '') return `${space}-`;
  if (letters === letters.toLowerCase()) return `${space}a`;
  const rest = [...letters].slice(1).join('');
  if (rest === rest.toLowerCase()) return `${space}Aa`;
  return letters === letters.toUpperCase() ? `${space}AA` : `${space}aA`;
}

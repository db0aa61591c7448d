/** In which order tokens are removed, or kept. */
import { shuffled } from '../attribution/draws.ts';

/** Indices of tokens, the first one first. */
export type Order = readonly number[];

/** The highest score first: what speaks most for the prediction. Equal ones as they stand in the text. */
export function orderOf(scores: ArrayLike<number>): number[] {
  return all(scores.length).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}

export const randomOrder = (tokens: number, uniform: () => number): number[] =>
  shuffled(all(tokens), uniform);

const all = (tokens: number) => Array.from({ length: tokens }, (_, token) => token);

/**
 * The linear datamodelling score (Park et al. 2023; Cohen-Wang et al. 2024): Spearman's correlation between what the
 * scores of the kept tokens sum up to and what f is with these tokens alone, over random masks that keep each token with
 * a probability of one half.
 */
import type { TokenSet } from '../attribution/method.ts';

/** The tokens that each mask keeps. */
export function randomMasks(tokens: number, masks: number, uniform: () => number): TokenSet[] {
  return Array.from({ length: masks }, () =>
    Array.from({ length: tokens }, (_, token) => token).filter(() => uniform() < 0.5),
  );
}

/** What the scores predict for each mask. */
export function predicted(scores: ArrayLike<number>, kept: readonly TokenSet[]): number[] {
  return kept.map((tokens) => tokens.reduce((sum, token) => sum + (scores[token] as number), 0));
}

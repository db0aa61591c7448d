/**
 * The linear datamodelling score (Park et al. 2023; Cohen-Wang et al. 2024): Spearman's correlation between what the
 * scores of the kept tokens sum up to and what f is with these tokens alone, over random masks that keep each token with
 * a probability of one half.
 */
import type { Correlation } from '../../protocol/results.ts';
import { rankCorrelation } from '../../text/rankCorrelation.ts';
import type { TokenSet } from '../attribution/method.ts';
import { bootstrap } from './bootstrap.ts';
import { chanceOf } from './chance.ts';

/** How many are drawn for one explanation. */
export const ldsMasks = 64;

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

/** With its interval over the masks, and what it would be by chance. @param values f with each mask */
export function ldsOf(
  scores: readonly number[],
  kept: readonly TokenSet[],
  values: readonly number[],
  uniform: () => number,
): Correlation {
  const rho = (some: readonly number[], others: readonly number[]) => rankCorrelation(some, others).rho;
  const sums = predicted(scores, kept);
  return {
    value: rho(sums, values),
    interval: bootstrap(sums, values, rho, uniform),
    chance: chanceOf(scores, (some) => rho(predicted(some, kept), values), uniform),
  };
}

/** What every estimator of Shapley values is given, and gives. */
import type { Attribution } from './method.ts';

export type PlayedOut = Pick<Attribution, 'scores' | 'standardErrors' | 'value' | 'baselineValue'>;

/** How long to sample. */
export interface Effort {
  /** The most coalitions. */
  masks: number;
  /** The largest standard error that is good enough, as a fraction of the largest |score|. */
  tolerance: number;
}

export function isExactEnough(
  { scores, standardErrors }: Pick<PlayedOut, 'scores' | 'standardErrors'>,
  tolerance: number,
): boolean {
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const error = standardErrors?.reduce((most, one) => Math.max(most, one), 0) ?? Number.POSITIVE_INFINITY;
  return error <= tolerance * largest;
}

/** What a correlation would be if the scores stood in random places. */
import { shuffled } from '../attribution/draws.ts';

const permutations = 200;

/** What 95 % of correlations lie below, whatever their sign; null where none is defined. */
export function chanceOf(
  scores: readonly number[],
  correlate: (scores: readonly number[]) => number | null,
  uniform: () => number,
): number | null {
  const found = Array.from({ length: permutations }, () => correlate(shuffled(scores, uniform)))
    .filter((value) => value !== null)
    .map(Math.abs)
    .sort((a, b) => a - b);
  return found[Math.ceil(0.95 * found.length) - 1] ?? null;
}

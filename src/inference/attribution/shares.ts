/** From what was written to f by every place to an attribution of the explained tokens. */
import type { Attribution, Domain, Writes } from './method.ts';

/**
 * A token's score is the sum of its column. f(x′) is the rest: what belongs to no place, and to none of the explained
 * ones.
 * @param shares `[row, place]`, the contributions of `writes` or the same amounts given to other places
 */
export function ofExplained(
  { count }: Pick<Domain, 'count'>,
  { rows, places, first, rest, value }: Writes,
  shares: Float32Array | Float64Array,
): Attribution {
  const contributions = new Float32Array(rows * count);
  const scores = new Float64Array(count);
  let baselineValue = rest;
  for (const [at, amount] of shares.entries()) {
    const [row, token] = [Math.floor(at / places), (at % places) - first];
    if (token < 0 || token >= count) {
      baselineValue += amount;
      continue;
    }
    contributions[row * count + token] = amount;
    scores[token] = scores[token]! + amount;
  }
  return { scores, value, baselineValue, layers: { rows, contributions } };
}

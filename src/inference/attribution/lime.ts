/**
 * LIME for text (Ribeiro, Singh & Guestrin 2016; the lime package's LimeTextExplainer with its defaults, all features
 * kept, places and not words as features): a ridge regression (penalty 1, intercept free) of f on which tokens are there, over
 * random masks. A mask removes k tokens, k drawn from 1 … n, and weighs √exp(−d²/25²), where d is 100 times the cosine
 * distance to the whole text, which is the first mask.
 *
 * The scores are the weights of this linear model. They need not sum up; how well it fits is R² over the masks, weighted.
 * Standard errors hold whatever the spread of the residuals is (White 1980), with the ridge's effective number of
 * parameters; they do not know of the ridge's own bias. Where f is no sum over tokens, even a token that does not matter gets
 * a weight: which tokens a mask removes depends on how many it removes.
 */
import { masksByDefault } from '../../protocol/methods.ts';
import { someOf } from './draws.ts';
import { type Absent, Game, tokensAsPlayers } from './game.ts';
import { Cholesky } from './linear.ts';
import type { Attribution, AttributionMethod, Remainder } from './method.ts';
import { uniformNumbers } from './noise.ts';

const penalty = 1;
const kernelWidth = 25;

export const lime: AttributionMethod<'lime'> = async (f, options, refine) => {
  const game = new Game(f, tokensAsPlayers(f.count), options);
  const uniform = uniformNumbers(options.seed);
  const count = options.masks === 'auto' ? masksByDefault.lime : options.masks;
  const masks: Absent[] = [[]];
  while (masks.length < count) {
    const size = 1 + Math.floor(uniform() * f.count);
    masks.push(someOf(f.count, size, uniform));
  }
  const [whole, none] = (await game.values([[], game.all])) as [Remainder, Remainder];
  const ends = { value: whole.value, baselineValue: none.value };
  const values: number[] = [];
  for (let next = Math.max(2 * f.count, 16); ; next *= 2) {
    const chunk = masks.slice(values.length, next);
    // Where texts are drawn, every chunk draws its own.
    values.push(...(await game.values(chunk, values.length)).map(({ value }) => value));
    const fitted = regress(f.count, masks.slice(0, values.length), values);
    if (values.length >= count) return { ...fitted, ...ends };
    refine(fitted.scores, ends, fitted.standardErrors);
  }
};

function regress(
  n: number,
  masks: readonly Absent[],
  values: readonly number[],
): Pick<Attribution, 'scores' | 'standardErrors' | 'fit'> {
  const weights = masks.map((absent) => kernel(absent.length, n));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (at: (mask: number) => number) =>
    weights.reduce((sum, weight, mask) => sum + weight * at(mask), 0) / total;
  const rows = masks.map((absent) => {
    const row = new Float64Array(n).fill(1);
    for (const token of absent) row[token] = 0;
    return row;
  });
  const means = Float64Array.from({ length: n }, (_, token) =>
    meanOf((mask) => rows[mask]?.[token] as number),
  );
  const centred = rows.map((row) => row.map((one, token) => one - (means[token] as number)));
  const meanValue = meanOf((mask) => values[mask] as number);

  const gram = new Float64Array(n * n);
  const moments = new Float64Array(n);
  for (const [mask, row] of centred.entries()) {
    const weight = weights[mask] as number;
    const value = (values[mask] as number) - meanValue;
    for (let i = 0; i < n; i++) {
      const weighted = weight * (row[i] as number);
      moments[i] = (moments[i] as number) + weighted * value;
      for (let j = 0; j <= i; j++)
        gram[i * n + j] = (gram[i * n + j] as number) + weighted * (row[j] as number);
    }
  }
  for (let i = 0; i < n; i++) gram[i * (n + 1)] = (gram[i * (n + 1)] as number) + penalty;
  const solver = new Cholesky(gram, n);
  const scores = solver.solve(moments);

  const variances = new Float64Array(n);
  let parameters = 1;
  let [left, all] = [0, 0];
  for (const [mask, row] of centred.entries()) {
    const weight = weights[mask] as number;
    const value = (values[mask] as number) - meanValue;
    const residual = row.reduce((rest, one, token) => rest - one * (scores[token] as number), value);
    left += weight * residual ** 2;
    all += weight * value ** 2;
    const influence = solver.solve(row);
    for (let i = 0; i < n; i++) {
      variances[i] = (variances[i] as number) + (weight * residual * (influence[i] as number)) ** 2;
      parameters += weight * (row[i] as number) * (influence[i] as number);
    }
  }
  const m = masks.length;
  const isTold = m > parameters + 1e-9;
  return {
    scores,
    ...(isTold && {
      standardErrors: variances.map((variance) => Math.sqrt((variance * m) / (m - parameters))),
    }),
    fit: { measure: 'r2', value: all > 0 ? 1 - left / all : null, masks: m },
  };
}

function kernel(removed: number, n: number): number {
  const distance = 100 * (1 - Math.sqrt((n - removed) / n));
  return Math.sqrt(Math.exp(-((distance / kernelWidth) ** 2)));
}

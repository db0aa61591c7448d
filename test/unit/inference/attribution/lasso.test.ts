/** The LASSO against what defines its solution. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lasso } from '../../../../src/inference/attribution/lasso.ts';
import { uniformNumbers } from '../../../../src/inference/attribution/noise.ts';

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Random masks, a sum over some of their places, and noise. */
function masked(m: number, p: number, seed: number) {
  const uniform = uniformNumbers(seed);
  const rows = Array.from({ length: m }, () =>
    Array.from({ length: p }, (): number => (uniform() < 0.5 ? 0 : 1)),
  );
  const weights = Array.from({ length: p }, (_, at) => (at % 5 === 0 ? 3 * uniform() - 1 : 0));
  const y = rows.map((row) => row.reduce((sum, one, at) => sum + one * weights[at]!, uniform() - 0.5));
  return { rows, y };
}

/**
 * The solution is where no subgradient is left (Tibshirani 1996): the correlation of a column with the residuals is α with
 * the sign of its weight, or at most α where the weight is 0.
 */
function assertSolved(rows: number[][], y: number[], alpha: number): Float64Array {
  const { weights, intercept } = lasso(rows, y, alpha);
  const residuals = y.map((one, row) =>
    rows[row]!.reduce((left, value, at) => left - value * weights[at]!, one - intercept),
  );
  assert.ok(Math.abs(mean(residuals)) < 1e-9);
  for (const [at, weight] of weights.entries()) {
    const column = rows.map((row) => row[at]!);
    const center = mean(column);
    const deviation = Math.sqrt(mean(column.map((one) => (one - center) ** 2)));
    if (deviation === 0) {
      assert.equal(weight, 0);
      continue;
    }
    const along = mean(column.map((one, row) => ((one - center) / deviation) * residuals[row]!));
    if (weight === 0) assert.ok(Math.abs(along) <= alpha + 1e-7, `column ${at}: ${along}`);
    else assert.ok(Math.abs(along - Math.sign(weight) * alpha) < 1e-7, `column ${at}: ${along}`);
  }
  return weights;
}

test('solves with more rows than columns, as many, and far fewer', () => {
  for (const [m, p] of [
    [64, 9],
    [64, 40],
    [40, 40],
    [32, 100],
    [6, 30],
  ] as const) {
    for (const alpha of [1e-3, 0.01, 0.3]) {
      for (const seed of [1, 2, 3]) {
        const { rows, y } = masked(m, p, seed);
        assertSolved(rows, y, alpha);
      }
    }
  }
});

test('columns that are constant, equal or complements of each other are no trouble', () => {
  const { rows, y } = masked(12, 10, 4);
  for (const row of rows) row.push(1, row[0]!, 1 - row[5]!, row[1]!, 0);
  assertSolved(rows, y, 0.01);
  assertSolved(rows, new Array<number>(12).fill(2), 0.01);
});

test('a larger α leaves fewer weights, and in the end none', () => {
  const { rows, y } = masked(40, 60, 5);
  const left = [0.01, 0.1, 0.3, 1, 10].map(
    (alpha) => assertSolved(rows, y, alpha).filter((one) => one !== 0).length,
  );
  assert.deepEqual(
    left,
    left.toSorted((a, b) => b - a),
  );
  assert.equal(left.at(-1), 0);
});

test('of many columns fewer than there are rows are left', () => {
  const { rows, y } = masked(64, 800, 6);
  const weights = assertSolved(rows, y, 0.01);
  assert.ok(weights.filter((one) => one !== 0).length < 64);
});

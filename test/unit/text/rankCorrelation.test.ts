/** Spearman's ρ against textbook examples and its own symmetries. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanRanks, rankCorrelation } from '../../../src/text/rankCorrelation.ts';

test('a textbook example without ties: IQ and hours of television, ρ = −29/165', () => {
  const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17];
  const { rho, n } = rankCorrelation(iq, hours);
  assert.equal(n, 10);
  assert.ok(Math.abs(rho! + 29 / 165) < 1e-12, String(rho));
});

test('equal values share the mean of their ranks', () => {
  assert.deepEqual(meanRanks([10, 20, 20, 5, 20]), [2, 4, 4, 1, 4]);
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
  const { rho } = rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]);
  assert.ok(Math.abs(rho! - 4.5 / Math.sqrt(22.5)) < 1e-12, String(rho));
});

test('only the order counts, and turning it round changes the sign', () => {
  const xs = Float32Array.of(0.3, -2, 5, 1.25, 0.5);
  assert.equal(rankCorrelation(xs, [...xs].map(Math.exp)).rho, 1);
  assert.equal(
    rankCorrelation(
      xs,
      [...xs].map((x) => -(x ** 3)),
    ).rho,
    -1,
  );
  const ys = [3, 1, 2, 5, 4];
  assert.equal(rankCorrelation(xs, ys).rho, rankCorrelation(ys, xs).rho);
});

test('unknown values are left out of both sides before ranking', () => {
  const whole = rankCorrelation([1, 3, 2], [2, 1, 3]);
  const withHoles = rankCorrelation([1, Number.NaN, 3, 100, 2], [2, 50, 1, Number.NaN, 3]);
  assert.deepEqual(withHoles, whole);
  assert.equal(withHoles.n, 3);
});

test('is not defined for fewer than two pairs, or if a side is constant', () => {
  assert.deepEqual(rankCorrelation([], []), { rho: null, n: 0 });
  assert.deepEqual(rankCorrelation([1], [1]), { rho: null, n: 1 });
  assert.deepEqual(rankCorrelation([1, 2, 3], [7, 7, 7]), { rho: null, n: 3 });
  assert.throws(() => rankCorrelation([1], [1, 2]), RangeError);
});

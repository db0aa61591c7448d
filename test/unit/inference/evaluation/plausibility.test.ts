import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chancePlausibility, plausibilityOf } from '../../../../src/inference/evaluation/plausibility.ts';

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} ${expected}`);

test('reciprocal rank, mass and average precision by hand', () => {
  // Ranks: token 3 first, 0 second, 2 third, 1 fourth.
  const scores = [2, -1, 1, 5];
  const { reciprocalRank, mass, averagePrecision } = plausibilityOf(scores, new Set([0, 1]));
  near(reciprocalRank, 1 / 2);
  near(mass, 2 / 8);
  near(averagePrecision, (1 / 2 + 2 / 4) / 2);
});

test('the sign counts: what speaks against the target is no evidence for it', () => {
  assert.equal(plausibilityOf([-9, 1, 2], new Set([0])).reciprocalRank, 1 / 3);
  assert.equal(plausibilityOf([-9, -1, -2], new Set([0])).mass, 0);
});

test('equal scores share the mean of their ranks, so that a constant knows nothing', () => {
  assert.equal(plausibilityOf([1, 1, 1, 1, 1], new Set([2])).reciprocalRank, 1 / 3);
});

test('chance is the mean over all orders', () => {
  const tokens = 6;
  const orders = permutations([...Array(tokens).keys()]);
  for (const count of [1, 2, 4]) {
    const evidence = new Set([...Array(count).keys()]);
    const all = orders.map((scores) => plausibilityOf(scores, evidence));
    const meanOf = (key: keyof (typeof all)[number]) =>
      all.reduce((sum, one) => sum + one[key], 0) / all.length;
    const chance = chancePlausibility(tokens, count);
    near(chance.reciprocalRank, meanOf('reciprocalRank'));
    near(chance.averagePrecision, meanOf('averagePrecision'));
    assert.equal(chance.mass, count / tokens);
  }
});

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

/** The measures one by one, against their definitions. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { uniformNumbers } from '../../../../src/inference/attribution/noise.ts';
import { areaOver, normalised } from '../../../../src/inference/evaluation/aopc.ts';
import { bootstrap } from '../../../../src/inference/evaluation/bootstrap.ts';
import { chanceOf } from '../../../../src/inference/evaluation/chance.ts';
import { countsFor } from '../../../../src/inference/evaluation/counts.ts';
import { curvesOf } from '../../../../src/inference/evaluation/curves.ts';
import { greedyOrder } from '../../../../src/inference/evaluation/greedy.ts';
import { kendallTau } from '../../../../src/inference/evaluation/kendall.ts';
import { predicted, randomMasks } from '../../../../src/inference/evaluation/lds.ts';
import { orderOf, randomOrder } from '../../../../src/inference/evaluation/orders.ts';
import { strangeShare } from '../../../../src/inference/evaluation/outOfDistribution.ts';
import { Removed } from '../../../../src/inference/evaluation/removed.ts';
import { MaskedFunction, type Payoff, uneven } from '../../../fixtures/maskedFunction.ts';

const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a}, not ${b}`);
const removed = (count: number, payoff: Payoff) => {
  const f = new MaskedFunction(count, payoff);
  return { f, of: new Removed(f, 'mask', 1) };
};
/** f of the tokens that are left. */
const without = (payoff: Payoff, count: number, gone: readonly number[]) =>
  payoff(Array.from({ length: count }, (_, token) => (gone.includes(token) ? 0 : 1)));

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

test('counts: every token of a short text, some parts of a long one', () => {
  assert.deepEqual(countsFor(3), [1, 2, 3]);
  assert.deepEqual(countsFor(64).at(-1), 64);
  assert.deepEqual(countsFor(65), [1, 2, 4, 7, 13, 33]);
  assert.deepEqual(countsFor(1000), [10, 20, 50, 100, 200, 500]);
});

test('orders: the highest score first, equal ones as they stand; random ones have each token once', () => {
  assert.deepEqual(orderOf([1, -2, 3, 1]), [2, 0, 3, 1]);
  const order = randomOrder(30, uniformNumbers(1));
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    Array.from({ length: 30 }, (_, token) => token),
  );
  assert.notDeepEqual(order, randomOrder(30, uniformNumbers(2)));
});

test('removed: each set is evaluated once, whatever the order of its tokens', async () => {
  const { f, of } = removed(4, uneven);
  assert.deepEqual(await of.without([[2, 0], [], [0, 2]]), [
    without(uneven, 4, [0, 2]),
    without(uneven, 4, []),
    without(uneven, 4, [0, 2]),
  ]);
  assert.deepEqual(await of.only([[1, 3], [3]]), [without(uneven, 4, [0, 2]), without(uneven, 4, [0, 1, 2])]);
  assert.equal(f.evaluations, 3);
});

test('curves: the first tokens gone, and they alone', async () => {
  const { of } = removed(4, uneven);
  const [curves] = await curvesOf(of, [[2, 0, 3, 1]], [1, 3]);
  assert.deepEqual(curves, {
    deletion: [without(uneven, 4, [2]), without(uneven, 4, [2, 0, 3])],
    insertion: [without(uneven, 4, [0, 1, 3]), without(uneven, 4, [1])],
  });
});

test('areas: the mean distance from f(x); 0 at the floor, 1 at the ceiling', () => {
  assert.equal(areaOver(10, [9, 4, -1]), (1 + 6 + 11) / 3);
  assert.equal(normalised(4, 2, 10, 10), 0.25);
  // Sufficiency is small where it is good.
  assert.equal(normalised(4, 6, 2, 10), 0.5);
  assert.equal(normalised(1, 2, 2, 10), null);
});

describe('greedy order', () => {
  test('is the best of all where every token counts for itself', async () => {
    const weights = [0.5, -1, 3, 0.25, 2];
    const payoff: Payoff = (present) => present.reduce((sum, here, token) => sum + here * weights[token]!, 0);
    for (const kind of ['deletion', 'insertion'] as const) {
      const { of } = removed(5, payoff);
      assert.deepEqual(await greedyOrder(of, kind, countsFor(5)), [2, 4, 0, 3, 1]);
    }
  });

  test('each token is the best that is left, and no order is better than the best by enumeration', async () => {
    const tokens = 6;
    const area = (order: readonly number[]) =>
      countsFor(tokens).reduce((sum, count) => sum + without(uneven, tokens, order.slice(0, count)), 0);
    const { of } = removed(tokens, uneven);
    const order = await greedyOrder(of, 'deletion', countsFor(tokens));
    for (const [place, token] of order.entries()) {
      const gone = order.slice(0, place);
      const values = order.slice(place).map((other) => without(uneven, tokens, [...gone, other]));
      close(without(uneven, tokens, [...gone, token]), Math.min(...values));
    }
    const areas = permutations([0, 1, 2, 3, 4, 5]).map(area);
    assert.ok(area(order) >= Math.min(...areas) - 1e-9);
    // Of 720 orders it is among the best.
    assert.ok(areas.filter((one) => one < area(order) - 1e-9).length < 36);
  });

  test('looks again at eight counts of a longer text, and has every token once', async () => {
    const tokens = 40;
    const { f, of } = removed(tokens, uneven);
    const order = await greedyOrder(of, 'insertion', countsFor(tokens));
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      Array.from({ length: tokens }, (_, token) => token),
    );
    assert.ok(f.evaluations <= 8 * tokens);
  });
});

describe('Kendall’s τ-b', () => {
  test('of known values', () => {
    assert.equal(kendallTau([1, 2, 3], [4, 5, 6]), 1);
    assert.equal(kendallTau([1, 2, 3], [6, 5, 4]), -1);
    // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]).
    close(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])!, -0.47140452079103173);
    assert.equal(kendallTau([1, 1], [1, 2]), null);
  });

  test('is that of the pairs, between −1 and 1', () => {
    const values = fc.array(fc.tuple(fc.integer({ max: 4, min: 0 }), fc.integer({ max: 4, min: 0 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const tau = kendallTau(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        );
        if (tau === null) return;
        assert.ok(Math.abs(tau) <= 1 + 1e-12);
        const mirrored = kendallTau(
          pairs.map(([x]) => -x),
          pairs.map(([, y]) => y),
        );
        close(mirrored!, -tau);
      }),
    );
  });
});

test('masks keep about half, the same seed the same; what scores predict is their sum', () => {
  const masks = randomMasks(20, 400, uniformNumbers(3));
  const kept = masks.reduce((sum, mask) => sum + mask.length, 0) / masks.length;
  assert.ok(Math.abs(kept - 10) < 5 * Math.sqrt(20 / 4 / 400));
  assert.deepEqual(masks, randomMasks(20, 400, uniformNumbers(3)));
  assert.deepEqual(predicted([1, 10, 100], [[0, 2], [], [1]]), [101, 0, 10]);
});

test('chance: what 95 % of correlations in random places lie below', () => {
  // A correlation with one fixed place: of ten scores it is the one that stands there.
  const chance = chanceOf(
    [...Array(10).keys()].map((k) => k / 10),
    (scores) => scores[0]!,
    uniformNumbers(1),
  );
  assert.equal(chance, 0.9);
  assert.equal(
    chanceOf([1, 2], () => null, uniformNumbers(1)),
    null,
  );
});

test('bootstrap: the interval holds the mean of differences about as often as it says', () => {
  const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  let hits = 0;
  for (let seed = 0; seed < 200; seed++) {
    const uniform = uniformNumbers(seed);
    const xs = Array.from({ length: 40 }, uniform);
    const interval = bootstrap(xs, xs, mean, uniform)!;
    assert.ok(interval.low < interval.high);
    if (interval.low <= 0.5 && 0.5 <= interval.high) hits++;
  }
  assert.ok(hits >= 175 && hits <= 200, `${hits} of 200`);
  assert.equal(
    bootstrap([1], [1], () => null, uniformNumbers(1)),
    null,
  );
});

test('out of distribution: about one in a hundred of what is drawn as usual, and all that is far from it', () => {
  const uniform = uniformNumbers(5);
  const usual = Array.from({ length: 200 }, () => -Math.log(1 - uniform()));
  const draw = (count: number) => ({
    sum: Array.from({ length: count }, () => usual[Math.floor(uniform() * usual.length)]!).reduce(
      (a, b) => a + b,
    ),
    count,
  });
  const same = Array.from({ length: 2000 }, (_, at) => draw(1 + (at % 7)));
  const { share, inputs } = strangeShare(same, usual, uniform)!;
  assert.equal(inputs, 2000);
  assert.ok(share > 0.002 && share < 0.03, `${share}`);
  const far = same.map(({ sum, count }) => ({ sum: sum + 8 * count, count }));
  assert.equal(strangeShare(far, usual, uniform)!.share, 1);
  assert.equal(strangeShare([], usual, uniform), null);
});

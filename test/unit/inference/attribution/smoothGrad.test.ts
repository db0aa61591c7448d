/** SmoothGrad: noise of the stated size from a seed, and the method itself where there is none. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExplainedFunction } from '../../../../src/inference/attribution/method.ts';
import { attribute } from '../../../../src/inference/attribution/methods.ts';
import { normalNumbers } from '../../../../src/inference/attribution/noise.ts';
import {
  type AttributionMethodId,
  attributionMethods,
  chooseMethod,
} from '../../../../src/protocol/methods.ts';
import { AnalyticFunction, curved, linear } from '../../../fixtures/analyticFunction.ts';

const width = 4;
const x = Float32Array.from({ length: 6 * width }, (_, at) => Math.sin(7 * at) / (1 + (at % 5)));
const weights = x.map((_, at) => Math.cos(3 * at) / 4);
const baseline = new Float32Array(x.length);
const makeFunction = (formula = curved(weights)) => new AnalyticFunction(formula, x, baseline, width);
const ignored = async () => {};

const decorated = attributionMethods.flatMap((id) => {
  const inner = id.replace('smoothgrad:', '') as AttributionMethodId;
  return inner === id ? [] : [[id, inner] as const];
});

test('three methods have a SmoothGrad', () => assert.equal(decorated.length, 3));

for (const [id, inner] of decorated) {
  describe(id, () => {
    test('without noise it is the method itself, exactly', async () => {
      const options = { sigma: 0, samples: 7 };
      const smooth = await attribute(chooseMethod(id, options), makeFunction(), ignored);
      const plain = await attribute(chooseMethod(inner), makeFunction(), ignored);
      assert.deepEqual(smooth, { ...plain, standardErrors: new Float64Array(x.length / width) });
    });

    test('with less noise it comes nearer to the method', async () => {
      const plain = await attribute(chooseMethod(inner), makeFunction(), ignored);
      const distances = [];
      for (const sigma of [0.5, 0.05, 0.005]) {
        const { scores } = await attribute(chooseMethod(id, { sigma }), makeFunction(), ignored);
        distances.push(Math.hypot(...scores.map((score, token) => score - (plain.scores[token] as number))));
      }
      const [most, less, least] = distances as [number, number, number];
      assert.ok(less < most / 3 && least < less / 3 && least > 0, `${distances}`);
    });

    test('the first scores take one gradient, and later ones have standard errors', async () => {
      const f = makeFunction();
      const seen: { evaluations: number; ends: boolean; errors: boolean }[] = [];
      const result = await attribute(
        chooseMethod(id, { samples: 9, steps: 3 }),
        f,
        async (_, ends, errors) => {
          seen.push({ evaluations: f.evaluations, ends: ends !== null, errors: errors !== undefined });
        },
      );
      const later = seen.filter(({ errors }) => errors);
      assert.equal(later.length, 3, 'after 2, 4 and 8 copies');
      assert.ok(later.every(({ ends }) => ends));
      assert.ok(result.standardErrors);
      const [first] = seen;
      assert.ok(first && !first.errors);
      // A fixed rule has all of its gradients first.
      const early = await firstPicture(id);
      assert.ok(early <= 2, `${early} evaluations`);
    });
  });
}

/** Evaluations before the first picture, of the adaptive rule where there is one. */
async function firstPicture(id: AttributionMethodId): Promise<number> {
  const f = makeFunction();
  const stop = new Error('seen');
  await assert.rejects(
    attribute(chooseMethod(id, { steps: 'auto' }), f, () => {
      throw stop;
    }),
    stop,
  );
  return f.evaluations;
}

test('the noise has the stated size: a fraction of the root mean square of x', async () => {
  const copies: Float32Array[] = [];
  const f = makeFunction();
  const watched: ExplainedFunction = {
    ...{ count: f.count, width, x, baseline },
    values: (points) => f.values(points),
    gradients(points) {
      copies.push(...points.map(({ rows }) => rows));
      return f.gradients(points);
    },
    without: f.without,
  };
  const samples = 1000;
  await attribute(chooseMethod('smoothgrad:gradient-norm', { samples, sigma: 0.2 }), watched, ignored);
  assert.equal(copies.length, samples);
  const meanSquare = (values: Iterable<number>) => {
    const squares = Array.from(values, (value) => value ** 2);
    return squares.reduce((sum, square) => sum + square, 0) / squares.length;
  };
  const noise = copies.flatMap((copy) => Array.from(copy, (value, at) => value - (x[at] as number)));
  const ratio = Math.sqrt(meanSquare(noise) / meanSquare(x));
  // 24,000 draws: the standard deviation is known to 0.5 %.
  assert.ok(Math.abs(ratio / 0.2 - 1) < 0.025, `${ratio}`);
});

test('the standard error is the spread of the mean over seeds', async () => {
  const means: number[] = [];
  const stated: number[] = [];
  for (let seed = 0; seed < 200; seed++) {
    const choice = chooseMethod('smoothgrad:input-x-gradient', { seed, samples: 32, sigma: 0.3 });
    const { scores, standardErrors } = await attribute(choice, makeFunction(), ignored);
    means.push(scores[0] as number);
    stated.push(standardErrors?.[0] as number);
  }
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const center = average(means);
  const spread = Math.sqrt(average(means.map((mean) => (mean - center) ** 2)));
  const ratio = spread / Math.sqrt(average(stated.map((error) => error ** 2)));
  // 200 seeds: the spread is known to 5 %.
  assert.ok(ratio > 0.8 && ratio < 1.2, `${ratio}`);
});

test('the gradient norm of a linear function has a standard error of 0', async () => {
  const { scores, standardErrors } = await attribute(
    chooseMethod('smoothgrad:gradient-norm', { sigma: 1 }),
    makeFunction(linear(weights)),
    ignored,
  );
  const plain = await attribute(chooseMethod('gradient-norm'), makeFunction(linear(weights)), ignored);
  assert.deepEqual(scores, plain.scores);
  assert.deepEqual(standardErrors, new Float64Array(scores.length));
});

describe('normal numbers', () => {
  const draws = (seed: number, count: number) => {
    const normal = normalNumbers(seed);
    return Array.from({ length: count }, () => normal());
  };

  test('are the same for the same seed and different for another one, near or far', () => {
    assert.deepEqual(draws(5, 9), draws(5, 9));
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) => draws(seed, 3));
    assert.equal(new Set(firsts.flat()).size, 18);
    const [zero, one] = [draws(0, 1)[0] as number, draws(1, 1)[0] as number];
    assert.ok(Math.abs(zero - one) > 1e-3, `${zero} ${one}`);
  });

  test('have the mean, the variance and the tails of the standard normal distribution', () => {
    const count = 100_000;
    const all = draws(1, count);
    const moment = (power: number) => all.reduce((sum, one) => sum + one ** power, 0) / count;
    // Five standard errors of each moment.
    const within = (value: number, expected: number, variance: number) =>
      assert.ok(Math.abs(value - expected) < 5 * Math.sqrt(variance / count), `${value} for ${expected}`);
    within(moment(1), 0, 1);
    within(moment(2), 1, 2);
    within(moment(3), 0, 15);
    within(moment(4), 3, 96);
    const beyond = all.filter((one) => Math.abs(one) > 1.959964).length / count;
    within(beyond, 0.05, 0.05 * 0.95);
    const neighbours = all.slice(1).reduce((sum, one, at) => sum + one * (all[at] as number), 0) / count;
    within(neighbours, 0, 1);
  });
});

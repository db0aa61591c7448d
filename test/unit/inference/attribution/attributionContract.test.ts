/** What every attribution method must keep, whatever it computes. A new method is tested by being in `methods`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  completenessError,
  type MethodOptions,
  type Refine,
} from '../../../../src/inference/attribution/method.ts';
import { methods } from '../../../../src/inference/attribution/methods.ts';
import { attributionMethods } from '../../../../src/protocol/results.ts';
import { AnalyticFunction, curved, type Formula, linear } from '../../../fixtures/analyticFunction.ts';

const width = 3;
/** Four tokens: the first and the last are the same and weigh the same, the third does not matter. */
const x = Float32Array.of(1, -2, 0.5, 0.25, 1, 1, 3, 2, 1, 1, -2, 0.5);
const weights = Float32Array.of(0.5, 0.25, -0.5, 1, 0.5, -0.25, 0, 0, 0, 0.5, 0.25, -0.5);
const baseline = Float32Array.from(x, (_, index) => 0.125 * (index % width));
const options: MethodOptions = { steps: 'auto', tolerance: 0.01, seed: 7 };

const makeFunction = (formula: Formula, cancelAfter?: number) =>
  new AnalyticFunction(formula, Float32Array.from(x), Float32Array.from(baseline), width, cancelAfter);

test('the registry and the protocol name the same methods', () => {
  assert.deepEqual(Object.keys(methods).sort(), [...attributionMethods].sort());
  for (const [id, method] of Object.entries(methods)) assert.equal(method.id, id);
});

for (const method of Object.values(methods)) {
  describe(method.id, () => {
    const attribute = (f: AnalyticFunction, refine: Refine = async () => {}) =>
      method.attribute(f, options, refine);

    test('one finite score per token, f(x) and f(x′)', async () => {
      const formula = curved(weights);
      const result = await attribute(makeFunction(formula));
      assert.equal(result.scores.length, x.length / width);
      assert.ok(result.scores.every(Number.isFinite));
      assert.ok(result.scores.some((score) => score !== 0));
      assert.ok(Math.abs(result.value - formula.value(x)) < 1e-6);
      assert.ok(Math.abs(result.baselineValue - formula.value(baseline)) < 1e-6);
    });

    test('a token that does not matter gets nothing, equal tokens get the same', async () => {
      const { scores } = await attribute(makeFunction(curved(weights)));
      assert.equal(scores[2], 0);
      assert.ok(Math.abs((scores[0] as number) - (scores[3] as number)) < 1e-6);
    });

    test('sums to f(x) − f(x′) where it says so', async () => {
      if (!method.complete) return assert.equal(typeof method.complete, 'boolean');
      for (const formula of [linear(weights), curved(weights)]) {
        const result = await attribute(makeFunction(formula));
        const allowed = options.tolerance * Math.abs(result.value - result.baselineValue) + 1e-6;
        assert.ok(Math.abs(completenessError(result)) <= allowed, `δ = ${completenessError(result)}`);
      }
    });

    test('the same question, the same answer; the question is left as it was', async () => {
      const f = makeFunction(curved(weights));
      const first = await attribute(f);
      const second = await attribute(f);
      assert.deepEqual(first, second);
      assert.deepEqual([f.x, f.baseline], [x, baseline]);
    });

    test('where it tells layers apart, each column sums to the score', async () => {
      const { scores, layers } = await attribute(makeFunction(curved(weights)));
      if (!layers) return assert.ok(!method.linearOnly);
      const { rows, contributions } = layers;
      assert.equal(contributions.length, rows * scores.length);
      for (const [token, score] of scores.entries()) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += contributions[row * scores.length + token] as number;
        assert.ok(Math.abs(sum - score) < 1e-6, `token ${token}`);
      }
    });

    test('every refinement on the way has all scores, and the ends as they are in the result', async () => {
      const refinements: Parameters<Refine>[] = [];
      const result = await attribute(
        makeFunction(curved(weights)),
        async (...refinement) => void refinements.push(refinement),
      );
      for (const [scores, ends] of refinements) {
        assert.equal(scores.length, x.length / width);
        assert.ok(scores.every(Number.isFinite));
        const { value, baselineValue } = result;
        if (ends) assert.deepEqual({ ...ends }, { value, baselineValue });
      }
    });

    test('ends when an evaluation is cancelled', async () => {
      for (const cancelAfter of [0, 1]) {
        const f = makeFunction(curved(weights), cancelAfter);
        await assert.rejects(attribute(f), { code: 'cancelled' });
        assert.equal(f.evaluations, cancelAfter + 1);
      }
    });
  });
}

test('a method that needs to know what was written says so where f does not', async () => {
  for (const method of Object.values(methods).filter(({ linearOnly }) => linearOnly)) {
    const { count, width: columns, x: rows, baseline: from } = makeFunction(linear(weights));
    const mute = { count, width: columns, x: rows, baseline: from, evaluate: async () => [] };
    await assert.rejects(
      method.attribute(mute, options, async () => {}),
      TypeError,
    );
  }
});

test('the first scores of integrated gradients take one gradient', async () => {
  const f = makeFunction(curved(weights));
  const seen: { evaluations: number; ends: boolean }[] = [];
  await methods['integrated-gradients'].attribute(f, { ...options, tolerance: 1e-4 }, async (_, ends) => {
    seen.push({ evaluations: f.evaluations, ends: ends !== null });
  });
  assert.deepEqual(seen.slice(0, 2), [
    { evaluations: 1, ends: false },
    { evaluations: 5, ends: true },
  ]);
});

test('on a linear function the methods give their textbook values', async () => {
  const f = makeFunction(linear(weights));
  const dot = (a: Float32Array, b: Float32Array) =>
    Array.from({ length: x.length / width }, (_, token) =>
      a
        .subarray(token * width, (token + 1) * width)
        .reduce((sum, value, c) => sum + value * (b[token * width + c] as number), 0),
    );
  const difference = x.map((value, index) => value - (baseline[index] as number));
  const expected = {
    'gradient-norm': dot(weights, weights).map(Math.sqrt),
    'input-x-gradient': dot(x, weights),
    'integrated-gradients': dot(difference, weights),
    occlusion: dot(difference, weights),
    'direct-logit': dot(difference, weights),
  };
  for (const [id, scores] of Object.entries(expected) as [keyof typeof expected, number[]][]) {
    const result = await methods[id].attribute(f, options, async () => {});
    for (const [token, score] of scores.entries()) {
      assert.ok(Math.abs((result.scores[token] as number) - score) < 1e-6, `${id} of token ${token}`);
    }
  }
});

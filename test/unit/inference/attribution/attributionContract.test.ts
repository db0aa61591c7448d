/** What every attribution method must keep, whatever it computes. A new method is tested by having a descriptor. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Attribution,
  completenessError,
  type ExplainedFunction,
  type Refine,
} from '../../../../src/inference/attribution/method.ts';
import { attribute } from '../../../../src/inference/attribution/methods.ts';
import {
  type AttributionMethodId,
  attributionMethods,
  type Capability,
  chooseMethod,
  describeMethod,
  evaluationsOf,
  type MethodOptionValues,
  methodOptions,
  type Removal,
  removals,
} from '../../../../src/protocol/methods.ts';
import { AnalyticFunction, curved, type Formula, linear } from '../../../fixtures/analyticFunction.ts';

const width = 3;
/** Four tokens: the first and the last are the same and weigh the same, the third does not matter. */
const x = Float32Array.of(1, -2, 0.5, 0.25, 1, 1, 3, 2, 1, 1, -2, 0.5);
const weights = Float32Array.of(0.5, 0.25, -0.5, 1, 0.5, -0.25, 0, 0, 0, 0.5, 0.25, -0.5);
const baseline = Float32Array.from(x, (_, index) => 0.125 * (index % width));
const tolerance = 0.01;
const options = { tolerance, seed: 7 };
const tokens = x.length / width;

const makeFunction = (formula: Formula, cancelAfter?: number) =>
  new AnalyticFunction(formula, Float32Array.from(x), Float32Array.from(baseline), width, cancelAfter);

/** The mean of f over the baselines that the method has. */
async function baselineValueOf(method: AttributionMethodId, formula: Formula): Promise<number> {
  if (describeMethod(method).baseline !== 'many') return formula.value(baseline);
  const drawn = Array.from({ length: methodOptions.baselines.fallback }, (_, sample) =>
    makeFunction(formula).refill(sample, options.seed),
  );
  const values = (await Promise.all(drawn)).map(formula.value);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const ignored: Refine = () => {};
type Given = typeof options & Partial<MethodOptionValues>;
const attributeBy = (
  method: AttributionMethodId,
  f: ExplainedFunction,
  refine = ignored,
  given: Given = options,
) => attribute(chooseMethod(method, given), f, refine);

/** The options with which methods draw that only draw by option. */
const drawing: Partial<Record<AttributionMethodId, Partial<MethodOptionValues>[]>> = {
  shapley: [{ estimator: 'permutation' }, { estimator: 'owen' }, { estimator: 'kernel' }],
};

/**
 * Where f is no sum, a regression gives a token that does not matter a part of what those do that were there when it was.
 */
const regressions = new Set<AttributionMethodId>(['lime']);

/** Whose scores are those of an additive model of f. */
const fitting = new Set<AttributionMethodId>(['lime', 'segments']);

for (const method of attributionMethods) {
  const { complete, needs, options: own, stochastic } = describeMethod(method);

  describe(method, () => {
    test('one finite score per token, f(x) and f(x′)', async () => {
      const formula = curved(weights);
      const result = await attributeBy(method, makeFunction(formula));
      assert.equal(result.scores.length, tokens);
      assert.ok(result.scores.every(Number.isFinite));
      assert.ok(result.scores.some((score) => score !== 0));
      assert.ok(Math.abs(result.value - formula.value(x)) < 1e-6);
      assert.ok(Math.abs(result.baselineValue - (await baselineValueOf(method, formula))) < 1e-6);
    });

    test('a token that does not matter gets nothing', async () => {
      if (regressions.has(method)) {
        const { scores } = await attributeBy(method, makeFunction(linear(weights)));
        const largest = Math.max(...scores.map(Math.abs));
        return assert.ok(Math.abs(scores[2] as number) < 0.02 * largest, `${scores}`);
      }
      const { scores } = await attributeBy(method, makeFunction(curved(weights)));
      assert.equal(scores[2], 0);
    });

    test('sums to f(x) − f(x′) if it claims completeness', async () => {
      if (!complete) return assert.equal(complete, false);
      for (const formula of [linear(weights), curved(weights)]) {
        const result = await attributeBy(method, makeFunction(formula));
        // Without a path there is nothing that could be too coarse.
        const share = own.includes('steps') ? tolerance : 0;
        const allowed = share * Math.abs(result.value - result.baselineValue) + 1e-6;
        assert.ok(Math.abs(completenessError(result)) <= allowed, `δ = ${completenessError(result)}`);
      }
    });

    test('the same question gives the same answer to the last bit, and is not changed', async () => {
      const f = makeFunction(curved(weights));
      const first = await attributeBy(method, f);
      const second = await attributeBy(method, f);
      assert.deepEqual(first, second);
      assert.deepEqual([f.x, f.baseline], [x, baseline]);
    });

    test('if it tells layers apart, each column sums to the score', async () => {
      const { scores, layers } = await attributeBy(method, makeFunction(curved(weights)));
      if (!layers) return assert.ok(!needs.includes('writes'));
      const { rows, contributions } = layers;
      assert.equal(contributions.length, rows * scores.length);
      for (const [token, score] of scores.entries()) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += contributions[row * scores.length + token] as number;
        assert.ok(Math.abs(sum - score) < 1e-6, `token ${token}`);
      }
    });

    test('every refinement has all scores, and f(x) and f(x′) as in the result', async () => {
      const refinements: Parameters<Refine>[] = [];
      const result = await attributeBy(
        method,
        makeFunction(curved(weights)),
        (...refinement) => void refinements.push(refinement),
      );
      for (const [scores, ends] of refinements) {
        assert.equal(scores.length, tokens);
        assert.ok(scores.every(Number.isFinite));
        const { value, baselineValue } = result;
        if (ends) assert.deepEqual({ ...ends }, { value, baselineValue });
      }
    });

    test('ends when an evaluation is cancelled', async () => {
      for (const cancelAfter of [0, 1]) {
        const f = makeFunction(curved(weights), cancelAfter);
        await assert.rejects(attributeBy(method, f), { code: 'cancelled' });
        assert.equal(f.evaluations, cancelAfter + 1);
      }
    });

    test('tells how well it fits only if it fits something', async () => {
      const { fit } = await attributeBy(method, makeFunction(curved(weights)));
      assert.equal(fit !== undefined, fitting.has(method));
      if (fit)
        assert.ok(fit.value !== null && fit.value > 0.5 && fit.value < 1 && fit.masks > 0, `${fit.value}`);
    });

    test('asks f for what its descriptor says, and for nothing else', async () => {
      const asked = new Set<Capability>();
      await attributeBy(method, watched(makeFunction(curved(weights)), asked));
      assert.deepEqual([...asked].sort(), [...needs].sort());
    });

    test('takes as many evaluations as its descriptor counts', async () => {
      const choice = chooseMethod(method, { ...options, steps: 5 });
      const counted = evaluationsOf(choice, tokens);
      const f = makeFunction(curved(weights));
      await attribute(choice, f, ignored);
      // What is written is counted by parts here, and by the engine as one; what is routed, by layers.
      if (needs.includes('writes')) return assert.equal(counted, 1);
      if (counted === null) return assert.ok(f.evaluations > 0);
      const routed = needs.includes('routes') ? (await f.routes('attention')).layers : 0;
      assert.equal(f.evaluations - routed, counted);
    });

    if (stochastic === true) describe('draws random numbers', () => drawsRandomNumbers(method));
    else describe('draws no random numbers', () => drawsNone(method));
    for (const how of drawing[method] ?? [])
      describe(`draws random numbers: ${JSON.stringify(how)}`, () => drawsRandomNumbers(method, how));
  });
}

/** For a method without random numbers. */
function drawsNone(method: AttributionMethodId): void {
  test('equal tokens get the same', async () => {
    const { scores } = await attributeBy(method, makeFunction(curved(weights)));
    assert.ok(Math.abs((scores[0] as number) - (scores[3] as number)) < 1e-6);
  });

  test('has no standard error, and no seed unless an option makes it draw', async () => {
    const { options: own, stochastic } = describeMethod(method);
    assert.equal(own.includes('seed'), stochastic === 'by option');
    const { standardErrors } = await attributeBy(method, makeFunction(curved(weights)));
    assert.equal(standardErrors, undefined);
  });
}

/** For a method with random numbers. */
function drawsRandomNumbers(method: AttributionMethodId, how: Partial<MethodOptionValues> = {}): void {
  const withSeed = (seed: number) =>
    attributeBy(method, makeFunction(curved(weights)), ignored, { ...options, ...how, seed });
  const isRegression = regressions.has(method) || how.estimator === 'kernel';
  const errorsOf = ({ standardErrors }: Attribution) => {
    assert.ok(standardErrors);
    assert.equal(standardErrors.length, tokens);
    return standardErrors;
  };

  test('another seed gives another answer', async () => {
    const [first, other] = [await withSeed(7), await withSeed(8)];
    assert.notDeepEqual(first.scores, other.scores);
  });

  test('a standard error per token, nothing for a token that does not matter', async () => {
    const errors = errorsOf(await withSeed(7));
    assert.ok(errors.every((error) => Number.isFinite(error) && error >= 0));
    if (!isRegression) assert.equal(errors[2], 0);
    assert.ok([0, 1, 3].every((token) => (errors[token] as number) > 0));
  });

  test('claims of completeness hold for every seed', async () => {
    if (!describeMethod(method).complete) return;
    const hasSteps = describeMethod(method).options.includes('steps');
    for (const seed of [1, 2, 3]) {
      const result = await withSeed(seed);
      const allowed = hasSteps ? tolerance * Math.abs(result.value - result.baselineValue) : 0;
      assert.ok(Math.abs(completenessError(result)) < allowed + 1e-6);
    }
  });

  test('equal tokens get the same within a few standard errors, and so do other seeds', async () => {
    const first = await withSeed(7);
    for (const seed of [8, 9, 10]) {
      const other = await withSeed(seed);
      const apart = (a: number, b: number, error: number) => Math.abs(a - b) / error;
      for (const token of [0, 1, 3]) {
        const error = Math.hypot(errorsOf(first)[token] as number, errorsOf(other)[token] as number);
        assert.ok(apart(first.scores[token] as number, other.scores[token] as number, error) < 5);
      }
      const error = Math.hypot(errorsOf(other)[0] as number, errorsOf(other)[3] as number);
      assert.ok(apart(other.scores[0] as number, other.scores[3] as number, error) < 5);
    }
  });
}

/** f, with a note of what is asked of it. */
function watched(f: AnalyticFunction, asked: Set<Capability>): ExplainedFunction {
  const { count, width: columns, x: rows, baseline: from } = f;
  return {
    ...{ count, width: columns, x: rows, baseline: from },
    values(points) {
      asked.add('values');
      return f.values(points);
    },
    gradients(points) {
      asked.add('gradients');
      return f.gradients(points);
    },
    multipliers() {
      asked.add('multipliers');
      return f.multipliers();
    },
    without(sets, given) {
      asked.add('without');
      return f.without(sets, given);
    },
    refill(sample, seed) {
      asked.add('refill');
      return f.refill(sample, seed);
    },
    writes() {
      asked.add('writes');
      return f.writes();
    },
    routes(kind) {
      asked.add('routes');
      return f.routes(kind);
    },
  };
}

test('a method that needs what f does not offer throws', async () => {
  const always = new Set<Capability>(['values', 'gradients', 'without']);
  const needy = (method: AttributionMethodId) =>
    describeMethod(method).needs.some((need) => !always.has(need));
  const lacking = attributionMethods.filter(needy);
  assert.ok(lacking.length > 5);
  for (const method of lacking) {
    const { count, width: columns, x: rows, baseline: from } = makeFunction(linear(weights));
    const nothing = async () => [];
    const mute = {
      ...{ count, width: columns, x: rows, baseline: from },
      ...{ values: nothing, gradients: nothing, without: nothing },
    };
    await assert.rejects(attributeBy(method, mute), TypeError);
  }
});

test('the first scores of integrated gradients take one gradient', async () => {
  const f = makeFunction(curved(weights));
  const seen: { evaluations: number; ends: boolean }[] = [];
  const choice = chooseMethod('integrated-gradients', { tolerance: 1e-4 });
  await attribute(choice, f, async (_, ends) => {
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
    Array.from({ length: tokens }, (_, token) =>
      a
        .subarray(token * width, (token + 1) * width)
        .reduce((sum, value, c) => sum + value * (b[token * width + c] as number), 0),
    );
  const difference = x.map((value, index) => value - (baseline[index] as number));
  const expected = {
    'gradient-norm': dot(weights, weights).map(Math.sqrt),
    'input-x-gradient': dot(x, weights),
    'integrated-gradients': dot(difference, weights),
    deeplift: dot(difference, weights),
    occlusion: dot(difference, weights),
    shapley: dot(difference, weights),
    'sequential-integrated-gradients': dot(difference, weights),
    // Without a text every token is a segment.
    segments: dot(difference, weights),
    'direct-logit': dot(difference, weights),
    'alti-logit': dot(difference, weights),
    'smoothgrad:gradient-norm': dot(weights, weights).map(Math.sqrt),
  };
  for (const [id, scores] of Object.entries(expected) as [keyof typeof expected, number[]][]) {
    const result = await attributeBy(id, f);
    for (const [token, score] of scores.entries()) {
      assert.ok(Math.abs((result.scores[token] as number) - score) < 1e-6, `${id} of token ${token}`);
    }
  }
});

describe('occlusion', () => {
  const choose = (removal: Removal) => chooseMethod('occlusion', { removal, seed: 7 });

  test('asks for f without no token, all tokens and each single one, with its options', async () => {
    const asked: unknown[] = [];
    const without: ExplainedFunction['without'] = async (sets, given) => {
      asked.push(...sets.map((set) => [set, given.removal, given.seed]));
      return sets.map((set) => ({
        value: 10 - set.length,
        standardError: given.removal === 'refill' ? 0.5 : null,
      }));
    };
    for (const removal of removals) {
      asked.length = 0;
      const told = Object.assign(makeFunction(curved(weights)), { without });
      const result = await attribute(choose(removal), told, ignored);
      const sets = [[], [0, 1, 2, 3], [0], [1], [2], [3]];
      assert.deepEqual(
        asked,
        sets.map((set) => [set, removal, 7]),
      );
      assert.deepEqual([result.value, result.baselineValue, ...result.scores], [10, 6, 1, 1, 1, 1]);
      const errors = result.standardErrors && [...result.standardErrors];
      assert.deepEqual(errors, removal === 'refill' ? [0.5, 0.5, 0.5, 0.5] : undefined);
    }
  });

  test('counts five evaluations per set for refill', () => {
    assert.equal(evaluationsOf(choose('mask'), 4), 6);
    assert.equal(evaluationsOf(choose('refill'), 4), 1 + 5 * 5);
  });
});

test('sequential integrated gradients are occlusion by the baseline, within the tolerance', async () => {
  for (const formula of [linear(weights), curved(weights)]) {
    const { scores } = await attributeBy('sequential-integrated-gradients', makeFunction(formula));
    const occluded = await attributeBy('occlusion', makeFunction(formula));
    const largest = Math.max(...occluded.scores.map(Math.abs));
    for (const [token, score] of scores.entries()) {
      assert.ok(Math.abs(score - (occluded.scores[token] as number)) <= tolerance * largest + 1e-6);
    }
  }
});

test('expected gradients are the mean of integrated gradients over the drawn baselines', async () => {
  const formula = curved(weights);
  const count = 9;
  const given = { ...options, tolerance: 1e-6, baselines: count };
  const result = await attribute(chooseMethod('expected-gradients', given), makeFunction(formula), ignored);
  const sums = new Float64Array(tokens);
  const squares = new Float64Array(tokens);
  for (let sample = 0; sample < count; sample++) {
    const drawn = await makeFunction(formula).refill(sample, options.seed);
    const f = new AnalyticFunction(formula, Float32Array.from(x), drawn, width);
    const { scores } = await attribute(chooseMethod('integrated-gradients', given), f, ignored);
    for (const [token, score] of scores.entries()) {
      sums[token] = sums[token]! + score;
      squares[token] = squares[token]! + score ** 2;
    }
  }
  for (let token = 0; token < tokens; token++) {
    const mean = sums[token]! / count;
    const error = Math.sqrt(Math.max(0, squares[token]! / count - mean ** 2) / (count - 1));
    assert.ok(Math.abs(result.scores[token]! - mean) < 1e-6, `token ${token}`);
    assert.ok(Math.abs(result.standardErrors![token]! - error) < 1e-6, `error of token ${token}`);
  }
});

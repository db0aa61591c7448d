/** Shapley values against their definition, by going through all orders. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { completenessError, type ExplainedFunction } from '../../../../src/inference/attribution/method.ts';
import { attribute } from '../../../../src/inference/attribution/methods.ts';
import { normalNumbers } from '../../../../src/inference/attribution/noise.ts';
import {
  chooseMethod,
  type Estimator,
  evaluationsOf,
  type MethodOptionValues,
} from '../../../../src/protocol/methods.ts';
import { MaskedFunction, type Payoff, uneven } from '../../../fixtures/maskedFunction.ts';

const explain = (
  f: MaskedFunction,
  options: Partial<MethodOptionValues>,
  refine: Parameters<typeof attribute>[2] = () => {},
) => attribute(chooseMethod('shapley', options), f as unknown as ExplainedFunction, refine);

function* orders(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const item of items) {
    for (const rest of orders(items.filter((other) => other !== item))) yield [item, ...rest];
  }
}

/** The mean, over all orders that count, of what each token adds to those before it. */
function byDefinition(count: number, payoff: Payoff, counts = (_: readonly number[]) => true): number[] {
  const sums = new Array<number>(count).fill(0);
  let total = 0;
  for (const order of orders(sums.map((_, token) => token))) {
    if (!counts(order)) continue;
    total++;
    const present = new Array<number>(count).fill(0);
    for (const token of order) {
      const before = payoff(present);
      present[token] = 1;
      sums[token]! += payoff(present) - before;
    }
  }
  return sums.map((sum) => sum / total);
}

const near = (found: ArrayLike<number>, expected: readonly number[], within: number) => {
  assert.equal(found.length, expected.length);
  for (const [token, one] of expected.entries()) {
    assert.ok(Math.abs(found[token]! - one) <= within, `token ${token}: ${found[token]}, expected ${one}`);
  }
};

test('all coalitions give the definition’s values, and are evaluated once each', async () => {
  for (const count of [1, 2, 5, 7]) {
    const f = new MaskedFunction(count, uneven);
    const result = await explain(f, { estimator: 'exact' });
    near(result.scores, byDefinition(count, uneven), 1e-12);
    assert.equal(f.evaluations, 2 ** count);
    assert.equal(evaluationsOf(chooseMethod('shapley', { estimator: 'exact' }), count), 2 ** count);
    assert.equal(result.standardErrors, undefined);
  }
});

test('`auto` goes through all coalitions of up to 10 tokens, and draws orders of more', async () => {
  const few = new MaskedFunction(10, uneven);
  assert.equal((await explain(few, {})).standardErrors, undefined);
  assert.equal(few.evaluations, 1024);
  assert.equal((await explain(new MaskedFunction(11, uneven), {})).standardErrors?.length, 11);
});

test('too many tokens for all coalitions are refused, with how many they are', async () => {
  const f = new MaskedFunction(17, uneven);
  await assert.rejects(explain(f, { estimator: 'exact' }), {
    code: 'option-invalid',
    facts: {
      option: 'estimator',
      value: 'exact, 17 tokens',
      expected: 'auto | permutation | kernel | owen; exact: 1 … 16 tokens',
    },
  });
  assert.equal(f.evaluations, 0);
});

for (const estimator of ['permutation', 'kernel'] as const satisfies Estimator[]) {
  describe(estimator, () => {
    const count = 6;
    const expected = byDefinition(count, uneven);

    test('is right on average, and off by what its standard error says', async () => {
      const deviations: number[] = [];
      for (let seed = 0; seed < 60; seed++) {
        const f = new MaskedFunction(count, uneven);
        const { scores, standardErrors } = await explain(f, { estimator, seed, masks: 2_000, tolerance: 0 });
        assert.ok(standardErrors);
        for (const [token, one] of expected.entries()) {
          deviations.push((scores[token]! - one) / standardErrors[token]!);
        }
      }
      const mean = deviations.reduce((sum, one) => sum + one, 0) / deviations.length;
      const spread = Math.sqrt(deviations.reduce((sum, one) => sum + one ** 2, 0) / deviations.length);
      assert.ok(Math.abs(mean) < 0.2, `${mean} standard errors off on average`);
      assert.ok(spread > 0.8 && spread < 1.25, `${spread} standard errors`);
    });

    test('sums up to f(all) − f(none), in every refinement too', async () => {
      let refinements = 0;
      const f = new MaskedFunction(count, uneven);
      const result = await explain(f, { estimator, masks: 300, tolerance: 0 }, (scores, ends) => {
        refinements++;
        assert.ok(ends);
        assert.ok(Math.abs(completenessError({ scores, ...ends })) < 1e-12);
      });
      assert.ok(refinements > 2);
      assert.ok(Math.abs(completenessError(result)) < 1e-12);
      assert.equal(result.value, uneven(new Array(count).fill(1)));
      assert.equal(result.baselineValue, uneven(new Array(count).fill(0)));
    });

    test('stops once the largest standard error is within the tolerance', async () => {
      const many = 20;
      let before = 0;
      const effort = async (tolerance: number) => {
        const f = new MaskedFunction(many, uneven);
        const { scores, standardErrors } = await explain(f, { estimator, tolerance, masks: 100_000 });
        const error = Math.max(...standardErrors!) / Math.max(...scores.map(Math.abs));
        assert.ok(error <= tolerance, `${error}`);
        assert.ok(f.evaluations > before && f.evaluations < 90_000, `${f.evaluations} evaluations`);
        before = f.evaluations;
      };
      for (const tolerance of [0.1, 0.03, 0.01]) await effort(tolerance);
    });

    test('takes no more masks than it is given, and a first picture after as many as the tokens need', async () => {
      const [many, masks] = [20, 500];
      const f = new MaskedFunction(many, uneven);
      let first: number | null = null;
      await explain(f, { estimator, tolerance: 0, masks }, () => {
        first ??= f.evaluations;
      });
      assert.ok(f.evaluations <= masks + 2, `${f.evaluations}`);
      assert.ok(f.evaluations > 0.8 * masks, `${f.evaluations}`);
      assert.ok(first !== null && first <= 4 * many + 2, `${first}`);
    });

    test('with fewer masks than a standard error needs, takes what it needs', async () => {
      const f = new MaskedFunction(20, uneven);
      const { standardErrors, ...result } = await explain(f, { estimator, masks: 1 });
      assert.ok(standardErrors?.every((error) => Number.isFinite(error) && error > 0));
      assert.ok(Math.abs(completenessError(result)) < 1e-12);
    });
  });
}

test('a sum over tokens is exact by every estimator, with few masks', async () => {
  const sum: Payoff = (present) =>
    present.reduce((total, here, token) => total + here * Math.sin(token + 1), 0.5);
  for (const estimator of ['exact', 'permutation', 'kernel', 'owen'] as const) {
    const { scores } = await explain(new MaskedFunction(12, sum), { estimator, masks: 60, seed: 5 });
    near(
      scores,
      Array.from(scores, (_, token) => Math.sin(token + 1)),
      1e-7,
    );
  }
});

test('orders are gone through in both directions: a function of pairs is exact with one pair of orders', async () => {
  const pairs: Payoff = (present) =>
    present.reduce(
      (sum, here, token) => sum + here * (present[(token + 1) % present.length] ?? 0) * token,
      0,
    );
  const f = new MaskedFunction(6, pairs);
  const { scores } = await explain(f, { estimator: 'permutation', masks: 20, tolerance: 0 });
  near(scores, byDefinition(6, pairs), 1e-12);
});

describe('owen', () => {
  // Two lines; in the first a word of two tokens and one of one, in the second a word of three.
  const parts = { words: [0, 0, 1, 2, 2, 2], lines: [0, 0, 0, 1, 1, 1] };
  const together = (order: readonly number[]) =>
    Object.values(parts).every((numbers) => {
      const along = order.map((token) => numbers[token]);
      return along.every((part, at) => at === along.indexOf(part) || along[at - 1] === part);
    });
  const within = (partition: 'words' | 'lines') => parts[partition];

  test('is the mean over the orders in which lines and words stay together', async () => {
    const expected = byDefinition(6, uneven, together);
    assert.notDeepEqual(expected, byDefinition(6, uneven));
    const f = new MaskedFunction(6, uneven, { parts: within });
    const options = { estimator: 'owen', masks: 20_000, tolerance: 0 } as const;
    const { scores, standardErrors, ...ends } = await explain(f, options);
    for (const [token, one] of expected.entries()) {
      const error = standardErrors![token]!;
      assert.ok(error < 0.02 && Math.abs(scores[token]! - one) < 5 * error + 1e-12, `token ${token}`);
    }
    assert.ok(Math.abs(completenessError({ scores, ...ends })) < 1e-9);
  });

  test('without a text, every token is a word', async () => {
    const f = new MaskedFunction(6, uneven);
    const { scores, standardErrors } = await explain(f, { estimator: 'owen', masks: 5_000, tolerance: 0 });
    for (const [token, one] of byDefinition(6, uneven).entries()) {
      assert.ok(Math.abs(scores[token]! - one) < 5 * standardErrors![token]!, `token ${token}`);
    }
  });
});

describe('refill', () => {
  const noise = (seed: number, set: readonly number[]) =>
    0.5 * normalNumbers((seed % 2 ** 32) * 64 + set.length)();

  test('each pair of orders draws its own texts, and the standard error knows of them', async () => {
    const f = new MaskedFunction(12, uneven, { noise });
    const options = { estimator: 'permutation', removal: 'refill', masks: 660, tolerance: 0 } as const;
    const drawn = await explain(f, options);
    assert.equal(f.seeds.size, 30);
    assert.ok(Math.abs(completenessError(drawn)) < 1e-12);
    const still = await explain(new MaskedFunction(12, uneven), options);
    const variance = (errors: Float64Array) => errors.reduce((sum, error) => sum + error ** 2, 0);
    assert.ok(variance(drawn.standardErrors!) > 1.1 * variance(still.standardErrors!));
  });

  test('all coalitions: the standard error is what those of the coalitions add up to', async () => {
    const { standardErrors } = await explain(new MaskedFunction(1, uneven, { noise }), { removal: 'refill' });
    assert.deepEqual([...standardErrors!], [0.1]);
    const two = await explain(new MaskedFunction(2, uneven, { noise }), { removal: 'refill' });
    near(two.standardErrors!, [Math.sqrt(3) * 0.05, Math.sqrt(3) * 0.05], 1e-12);
  });
});

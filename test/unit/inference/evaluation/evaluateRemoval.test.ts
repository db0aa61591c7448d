/** The stages of the evidence by one removal, on functions of which everything is known. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluateRemoval, type Strangeness } from '../../../../src/inference/evaluation/evaluateRemoval.ts';
import type { RemovalEvidence } from '../../../../src/protocol/results.ts';
import { MaskedFunction, type Payoff, uneven } from '../../../fixtures/maskedFunction.ts';

const weights = [0.5, -1, 3, 0.25, 2, -0.125, 1, 1.5];
const tokens = weights.length;
const additive: Payoff = (present) => present.reduce((sum, here, token) => sum + here * weights[token]!, 4);
const total = weights.reduce((sum, weight) => sum + weight, 0);

async function stages(
  payoff: Payoff,
  scores: readonly number[],
  { seed = 1, strangeness = null, depth = 'limits' }: Partial<Parameters<typeof evaluateRemoval>[1]> = {},
): Promise<RemovalEvidence[]> {
  const f = new MaskedFunction(scores.length, payoff);
  const found: RemovalEvidence[] = [];
  for await (const one of evaluateRemoval(f, { scores, removal: 'mask', seed, depth, strangeness }))
    found.push(one);
  return found;
}
const evidence = async (...given: Parameters<typeof stages>) => (await stages(...given)).at(-1)!;

const without = (payoff: Payoff, gone: readonly number[], count = tokens) =>
  payoff(Array.from({ length: count }, (_, token) => (gone.includes(token) ? 0 : 1)));
const close = (a: number, b: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a}, not ${b}`);

describe('evaluateRemoval', () => {
  test('true scores of an additive function are the best in every measure', async () => {
    const one = await evidence(additive, weights);
    assert.deepEqual([one.comprehensiveness.normalised, one.sufficiency.normalised], [1, 1]);
    assert.deepEqual([one.lds?.value, one.leaveOneOut.value], [1, 1]);
    for (const [token, loss] of one.losses.entries()) assert.ok(Math.abs(loss - weights[token]!) < 1e-9);
    assert.deepEqual(one.explanation, one.ceiling);
    assert.ok(one.lds!.chance! < 0.95 && one.leaveOneOut.chance! < 0.95);
  });

  test('scores with their signs turned are worse than chance in every measure', async () => {
    const one = await evidence(
      additive,
      weights.map((weight) => -weight),
    );
    assert.ok(one.comprehensiveness.normalised! < -0.5);
    assert.ok(one.sufficiency.normalised! < -0.5);
    assert.deepEqual([one.lds?.value, one.leaveOneOut.value], [-1, -1]);
  });

  test('scores scaled or shifted say the same; their magnitudes alone do not', async () => {
    const scaled = await evidence(uneven, [3, 1, 2, -4, 0.5, 0.25]);
    const again = await evidence(uneven, [300, 100, 200, -400, 50, 25]);
    assert.deepEqual(again, scaled);
    const magnitudes = await evidence(additive, weights.map(Math.abs));
    assert.ok(magnitudes.comprehensiveness.normalised! < 1 && magnitudes.lds!.value! < 1);
  });

  test('is what the definitions give', async () => {
    const scores = [3, 1, 2, -4, 0.5, 0.25];
    const count = scores.length;
    const order = [0, 2, 1, 4, 5, 3];
    const one = await evidence(uneven, scores);
    const all = order.map((_, token) => token);
    const value = without(uneven, [], count);
    assert.deepEqual(one.counts, [1, 2, 3, 4, 5, 6]);
    assert.equal(one.nothing, without(uneven, all, count));
    for (const [at, k] of one.counts.entries()) {
      close(one.explanation.deletion[at]!, without(uneven, order.slice(0, k), count));
      close(one.explanation.insertion[at]!, without(uneven, order.slice(k), count));
    }
    const mean = (values: readonly number[]) =>
      values.reduce((sum, one) => sum + value - one, 0) / values.length;
    close(one.comprehensiveness.value, mean(one.explanation.deletion));
    close(one.sufficiency.value, mean(one.explanation.insertion));
    const { floor, ceiling, normalised, value: area } = one.comprehensiveness;
    close(normalised!, (area - floor!.value) / (ceiling! - floor!.value));
    assert.ok(ceiling! >= area && one.sufficiency.ceiling! <= one.sufficiency.value);
  });

  test('the floor is what random orders give, within a few of its standard errors', async () => {
    // Of an additive function k random tokens are worth k/n of all.
    const expected = (total * (tokens + 1)) / (2 * tokens);
    for (const seed of [1, 2, 3, 4]) {
      const { floor } = (await evidence(additive, weights, { seed })).comprehensiveness;
      assert.ok(floor!.standardError > 0 && floor!.standardError < total / 4);
      close(floor!.value, expected, 4 * floor!.standardError);
    }
    const [first, other] = [
      await evidence(additive, weights, { seed: 1 }),
      await evidence(additive, weights, { seed: 2 }),
    ];
    assert.notDeepEqual(first.floor, other.floor);
    assert.deepEqual(first, await evidence(additive, weights, { seed: 1 }));
  });

  test('a constant function tells nothing: no share, no correlation', async () => {
    const one = await evidence(() => 2, weights);
    assert.deepEqual([one.comprehensiveness.normalised, one.sufficiency.normalised], [null, null]);
    assert.deepEqual([one.lds?.value, one.lds?.interval, one.leaveOneOut.value], [null, null, null]);
    assert.equal(one.comprehensiveness.value, 0);
  });

  test('comes in stages, each with all that was known before', async () => {
    const strangeness: Strangeness = async (sets) => ({ share: 0.5, inputs: sets.length });
    const all = await stages(additive, weights, { strangeness });
    assert.deepEqual(
      all.map(({ lds, outOfDistribution, floor, ceiling }) =>
        [lds, outOfDistribution, floor, ceiling].map((one) => (one === null ? '-' : '+')).join(''),
      ),
      ['----', '+---', '++--', '+++-', '++++'],
    );
    const [first] = all;
    for (const later of all) assert.deepEqual(later.explanation, first!.explanation);
    assert.equal(all.at(-1)!.outOfDistribution!.inputs, 8 + 16);
  });

  test('stops after the correlations if that is enough', async () => {
    const [whole, quick] = [
      await stages(additive, weights),
      await stages(additive, weights, { depth: 'correlations' }),
    ];
    assert.equal(quick.length, 2);
    assert.deepEqual(quick, whole.slice(0, 2));
  });

  test('one token has nothing to be compared with', async () => {
    const one = await evidence(([here]) => 5 * here!, [1]);
    assert.deepEqual([one.counts, one.comprehensiveness.value], [[1], 5]);
    assert.deepEqual([one.comprehensiveness.normalised, one.leaveOneOut.value], [null, null]);
  });
});

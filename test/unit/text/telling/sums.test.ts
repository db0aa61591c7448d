import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartialExplanation } from '../../../../src/protocol/results.ts';
import {
  deltaText,
  hasConverged,
  howText,
  originName,
  sumFacts,
  sumSentence,
} from '../../../../src/text/telling/sums.ts';
import { explanationWith, notKnown, telling } from './explained.ts';

const listed = (explanation: PartialExplanation) =>
  sumFacts(explanation, telling).map(({ name, value }) => `${name}: ${value}`);

test('δ stands with its share of the difference; a dash where there is none', () => {
  assert.equal(deltaText(explanationWith(), telling), '+0.0100 (1%)');
  assert.equal(deltaText(explanationWith({ value: 2, delta: -0.5 }), telling), '-0.500');
  assert.equal(deltaText(explanationWith({ delta: null }), telling), '–');
});

test('the sums are Σ, the difference, δ, f(x) and f(x′)', () => {
  assert.deepEqual(listed(explanationWith()), [
    'Sum of the contributions: +1.00',
    'Difference that is explained: +0.990',
    'δ, the error of the sum: +0.0100 (1%)',
    'f(x): logit of the target − logit of the foil: 2.99',
    'f(baseline): with the mean embedding: 2.00',
    'Unit of contributions and sums: nats of logit',
  ]);
  assert.equal(
    sumSentence(explanationWith(), telling),
    'Sum of the contributions +1.00; δ, the error of the sum, +0.0100 (1%).',
  );
});

test('without a baseline f(x′) is what the method leaves', () => {
  const direct = explanationWith({ receipt: { method: 'direct-logit' } });
  assert.equal(listed(direct).at(-2), 'f without what these tokens wrote directly: 2.00');
});

test('nothing is said of a sum that is not claimed, or not known yet', () => {
  const occlusion = explanationWith({ delta: null, receipt: { method: 'occlusion' } });
  assert.deepEqual(listed(occlusion), [
    'f(x): logit of the target − logit of the foil: 2.99',
    'Unit of contributions and sums: nats of logit',
  ]);
  assert.equal(sumSentence(occlusion, telling), null);
  const first = { ...explanationWith(), ...notKnown };
  assert.deepEqual(listed(first), ['δ, the error of the sum: –']);
  assert.equal(sumSentence(first, telling), null);
});

test('the unit is that of f, and none is said of a norm', () => {
  const unitOf = (receipt: NonNullable<Parameters<typeof explanationWith>[0]>['receipt']) =>
    sumFacts(explanationWith({ receipt: receipt! }), telling).find(({ id }) => id === 'unit')?.value;
  assert.equal(unitOf({ objective: 'log-prob' }), 'nats of log-probability');
  assert.equal(unitOf({ objective: 'probability' }), 'probability, from 0 to 1');
  assert.equal(unitOf({ method: 'gradient-norm' }), undefined);
});

test('how it was explained is one line, with δ where there is one', () => {
  assert.equal(
    howText(explanationWith(), telling),
    'logit of the target − logit of the foil, by integrated gradients; δ = +0.0100 (1%)',
  );
  assert.equal(
    howText(explanationWith({ delta: null, receipt: { method: 'occlusion', objective: 'logit' } }), telling),
    'logit of the target, by occlusion',
  );
});

test('what the contributions are relative to is what was done with the tokens', () => {
  const named = (receipt: Parameters<typeof explanationWith>[0]) =>
    originName(explanationWith(receipt).receipt, telling);
  assert.equal(named({}), 'f(baseline): with the mean embedding');
  assert.equal(named({ receipt: { method: 'shapley' } }), 'f(baseline): with the mean embedding');
  assert.equal(
    named({ receipt: { method: 'shapley', removal: 'mask' } }),
    'f without these tokens: hidden from the others',
  );
  assert.equal(named({ receipt: { method: 'direct-logit' } }), 'f without what these tokens wrote directly');
});

describe('convergence', () => {
  test('is within the tolerance of the difference, up to rounding', () => {
    assert.equal(hasConverged(explanationWith()), true);
    assert.equal(hasConverged(explanationWith({ delta: -0.0199 })), false);
    assert.equal(hasConverged(explanationWith({ value: 2 + 1e-6, delta: 3e-6 })), true);
    assert.equal(hasConverged(explanationWith({ value: 2 + 1e-6, delta: 6e-6 })), false);
  });

  test('of a sampled method is that the largest standard error is small beside the largest score', () => {
    const tokens = (...errors: number[]) =>
      explanationWith().tokens.map((token, at) => ({ ...token, standardError: errors[at]! }));
    const shapley = (...errors: number[]) =>
      explanationWith({ delta: 0, receipt: { method: 'shapley' }, tokens: tokens(...errors) });
    assert.equal(hasConverged(shapley(0.03, 0.01)), true);
    assert.equal(hasConverged(shapley(0.01, 0.0301)), false);
    assert.equal(hasConverged({ ...shapley(0.01, 0.0301), refining: true }), null);
    assert.equal(hasConverged(explanationWith({ delta: 0, receipt: { method: 'shapley' } })), null);
  });

  test('is null for a method that does not work towards it, and for unfinished answers', () => {
    const missed = { delta: 0.5 };
    assert.equal(hasConverged(explanationWith({ ...missed, receipt: { steps: 50 } })), null);
    assert.equal(hasConverged(explanationWith({ ...missed, receipt: { method: 'direct-logit' } })), null);
    assert.equal(hasConverged(explanationWith({ ...missed, refining: true })), null);
    assert.equal(hasConverged({ ...explanationWith(), ...notKnown }), null);
  });
});

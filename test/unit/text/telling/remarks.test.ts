import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributionMethodId } from '../../../../src/protocol/methods.ts';
import { type Circumstances, remarks } from '../../../../src/text/telling/remarks.ts';
import { explanationWith, notKnown, telling } from './explained.ts';

const said = (circumstances: Circumstances, changes: Parameters<typeof explanationWith>[0] = {}) =>
  remarks(explanationWith(changes), circumstances, telling);

test('there is no remark if everything is as expected', () => {
  assert.deepEqual(said({}), []);
  assert.deepEqual(said({ kind: 'selection', selections: 1 }), []);
  assert.deepEqual(remarks(null, { kind: 'live' }, telling), []);
});

test('that nothing competes, and what is explained instead', () => {
  const alone = { foil: null, uncontested: true, receipt: { objective: 'log-prob', foil: [] } } as const;
  assert.deepEqual(said({}, { ...alone, receipt: { objective: 'log-prob', foil: [] } }), [
    'No other token comes close enough to " Paris" to be its foil, so this is explained instead: log-probability of the target.',
  ]);
  assert.deepEqual(said({}, { foil: null }), []);
});

test('that a foil of several tokens is compared with a single one, and its probability per token', () => {
  const foil = (probability: number) => ({
    foil: { id: 8, ids: [8, 9, 8], text: ' the end of', probability },
  });
  assert.deepEqual(said({}, foil(0.001)), [
    'Uneven comparison, 3 tokens against 1: every further token makes a text less probable. Per token, " the end of" has 10% (geometric mean).',
  ]);
  assert.deepEqual(said({}, foil(0)), [
    'Uneven comparison, 3 tokens against 1: every further token makes a text less probable.',
  ]);
});

test('how the text was chosen', () => {
  assert.deepEqual(said({ kind: 'line' }), [
    'Nothing was selected: the line or paragraph up to the cursor is explained.',
  ]);
  assert.deepEqual(said({ kind: 'token', selections: 3 }), ['The lines up to the token are explained.']);
  assert.deepEqual(said({ kind: 'selection', selections: 3 }), [
    'There are 3 selections: only the one made first is explained.',
  ]);
});

test('what was left out of the question', () => {
  assert.deepEqual(said({ kind: 'selection', isTrimmed: true }), [
    'White space at the end is left out: what is explained is the prediction after the last word.',
  ]);
});

test('what was not read is said once: of the context, or of the selection itself', () => {
  const dropped = { receipt: { droppedTokens: 1024 } };
  assert.deepEqual(said({}, dropped), [
    '1,024 tokens at the front did not fit into the context and were not read.',
  ]);
  assert.deepEqual(said({ isTail: true }, dropped), [
    'The selection is too long for the model: only its last 2 tokens are explained.',
  ]);
});

test('what makes the answer different from what it seems', () => {
  assert.match(said({ endsInSpace: true }).join(), /^The text ends in a space/);
  assert.match(said({ contextChanged: true }).join(), /^The text in front has been edited since/);
  const first = { ...explanationWith(), ...notKnown };
  assert.deepEqual(remarks(first, {}, telling), ['This is a first answer, not refined yet.']);
});

test('how well what was fitted fits, once it is there', () => {
  const lime = { delta: null, receipt: { method: 'lime' } } as const;
  const fit = { measure: 'r2', value: 0.873, masks: 1000 } as const;
  const sums = 'This method’s contributions need not sum up to the difference that is explained.';
  assert.deepEqual(said({}, { ...lime, fit }), [
    sums,
    'Added up, the contributions explain 87% of how the prediction varies over 1,000 texts without some of the tokens (R²).',
  ]);
  assert.deepEqual(said({}, { ...lime, fit: { measure: 'lds', value: 0.712, masks: 32 } }), [
    sums,
    'Over 32 texts without some of the parts, the contributions of those that are left have a rank correlation of 0.712 with the model (LDS).',
  ]);
  assert.match(said({}, { ...lime, fit: { ...fit, value: -0.5 } })[1]!, /explain 0% of/);
  assert.match(said({}, { ...lime, fit: { ...fit, value: null } })[1]!, /nothing could be fitted\.$/);
  assert.doesNotMatch(said({}, { ...lime, fit, refining: true }).join(), /R²/);
});

test('what is known against a method is said wherever it is used, and of no other', () => {
  const of = (method: AttributionMethodId) => said({}, { delta: null, receipt: { method } });
  for (const method of ['input-x-gradient', 'smoothgrad:input-x-gradient'] as const)
    assert.match(of(method)[0]!, /no better than chance/);
  for (const method of ['attention', 'rollout', 'value-zeroing'] as const)
    assert.match(of(method)[0]!, /the same for every question about this place/);
  for (const method of ['integrated-gradients', 'occlusion', 'alti-logit', 'attention-x-gradient'] as const)
    assert.doesNotMatch(of(method).join(), /chance|every question/);
});

test('a method that does not sum up, and one that did not come to its tolerance', () => {
  assert.deepEqual(said({}, { delta: null, receipt: { method: 'occlusion' } }), [
    'This method’s contributions need not sum up to the difference that is explained.',
  ]);
  assert.deepEqual(said({}, { delta: 80.79 }), [
    'Not converged: after 1,025 evaluations δ is +80.8 (8,161%), above the tolerance of 2%.',
  ]);
  const tokens = explanationWith().tokens.map((token) => ({ ...token, standardError: 0.3 }));
  assert.deepEqual(said({}, { delta: 0, tokens, receipt: { method: 'shapley' } }), [
    'Not converged: after 1,025 evaluations the largest standard error is 20% of the largest contribution, above the tolerance of 2%.',
  ]);
});

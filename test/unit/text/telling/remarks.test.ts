import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Circumstances, remarks } from '../../../../src/text/telling/remarks.ts';
import { explanationWith, notKnown, telling } from './explained.ts';

const said = (circumstances: Circumstances, changes: Parameters<typeof explanationWith>[0] = {}) =>
  remarks(explanationWith(changes), circumstances, telling);

test('there is no remark if everything is as expected', () => {
  assert.deepEqual(said({}), []);
  assert.deepEqual(said({ kind: 'selection', selections: 1 }), []);
  assert.deepEqual(remarks(null, { kind: 'live' }, telling), []);
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

test('a method that does not sum up, and one that did not come to its tolerance', () => {
  assert.deepEqual(said({}, { delta: null, receipt: { method: 'occlusion' } }), [
    'This method’s contributions need not sum up to the difference that is explained.',
  ]);
  assert.deepEqual(said({}, { delta: 80.79 }), [
    'Not converged: after 1,025 evaluations δ is +80.8 (8,161%), above the tolerance of 2%.',
  ]);
});

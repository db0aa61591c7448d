import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainReceiptFacts, receiptFacts } from '../../../../src/text/telling/receipt.ts';
import { explanationWith, telling } from './explained.ts';

const lines = (facts: readonly { name: string; value: string }[]) =>
  facts.map(({ name, value }) => `${name}: ${value}`);

test('a receipt names model, text, how it was read, and what computed it', () => {
  const { receipt } = explanationWith({
    receipt: { bos: true, droppedTokens: 1024, model: { name: 'a\u202eb', sha256: 'ab' } },
  });
  const more = [{ id: 'x', name: 'X', value: 'y' }];
  assert.deepEqual(lines(receiptFacts(receipt, telling, more)), [
    'Model: a‹U+202E›b (SHA-256 ab)',
    'Text: SHA-256 cd',
    'BOS: prepended',
    'Tokens that did not fit: 1,024',
    'X: y',
    'Time: 1,234 ms',
    'Whytoken: 1.2.3',
  ]);
});

test('the hash of a model that has just been opened is not known yet', () => {
  const { receipt } = explanationWith({});
  const [model] = lines(receiptFacts({ ...receipt, model: { name: 'a', sha256: null } }, telling));
  assert.equal(model, 'Model: a (SHA-256 not known yet: the file is still being read)');
});

test('an explanation’s receipt has everything that was asked, in words or as option values', () => {
  const asked = (naming: 'names' | 'ids', method: 'integrated-gradients' | 'direct-logit') =>
    lines(explainReceiptFacts(explanationWith({ receipt: { method } }), telling, naming)).slice(4, -2);
  assert.deepEqual(asked('names', 'integrated-gradients'), [
    'Explained range: 0–11',
    'Target: " Paris" (#7)',
    'Foil: " the" (#8)',
    'Predicted position: 2',
    'Objective: logit of the target − logit of the foil',
    'Method: integrated gradients',
    'Baseline: the mean embedding',
    'Steps: auto',
    'Tolerance: 0.02',
    'Evaluations: 1,025',
  ]);
  const ids = asked('ids', 'direct-logit');
  assert.deepEqual(ids.slice(4, 6), ['Objective: contrast', 'Method: direct-logit']);
  assert.ok(!ids.some((line) => line.startsWith('Baseline')), 'nothing takes the tokens’ place');
});

test('every fact has an id of its own', () => {
  const ids = explainReceiptFacts(explanationWith(), telling).map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonLabels } from '../../../../src/host/panel/labels.ts';
import { Numbers } from '../../../../src/text/numbers.ts';
import { mapFacts } from '../../../../webview/attention/receipt.ts';
import { receiptFacts, type Wording } from '../../../../webview/base/receipt.ts';
import { importanceFacts } from '../../../../webview/structure/receipt.ts';

const labels: Readonly<Record<string, string>> = { ...commonLabels, readTokens: 'Tokens read' };
const wording: Wording = {
  label: (name, ...values) =>
    (labels[name] ?? name).replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)])),
  numbers: new Numbers('en'),
};
const receipt = {
  ...{ whytoken: '0.1.0', model: { name: 'tiny', sha256: 'aa' }, textSha256: 'bb', bos: true },
  ...{ droppedTokens: 1234, milliseconds: 56 },
};

test('a receipt has all that an answer was made from, the tokens that were not read and the time among it', () => {
  assert.deepEqual(receiptFacts(receipt, wording, [['Windows', '256 apart']]), [
    ['Model', 'tiny (SHA-256 aa)'],
    ['Text', 'SHA-256 bb'],
    ['BOS', 'prepended'],
    ['Tokens that did not fit', '1,234'],
    ['Windows', '256 apart'],
    ['Time', '56 ms'],
    ['Whytoken', '0.1.0'],
  ]);
  assert.deepEqual(receiptFacts({ ...receipt, bos: false }, wording)[2], ['BOS', 'not prepended']);
});

test('the exports of the attention panel tell the time, and how many tokens a map is of', () => {
  const facts = new Map(mapFacts({ receipt, tokens: Array(3).fill(null) }, wording));
  assert.equal(facts.get('Time'), '56 ms');
  assert.equal(facts.get('Tokens that did not fit'), '1,234');
  assert.equal(facts.get('Tokens read'), '3');
});

test('the exports of the structure panel tell the tokens that were not read', () => {
  const target = { id: 7, text: ' a', probability: 0.5 };
  const measured = { receipt: { ...receipt, at: 9, target: 7, foil: null }, target, foil: null, value: 2 };
  const facts = new Map(importanceFacts(measured, wording));
  assert.equal(facts.get('Tokens that did not fit'), '1,234');
  assert.equal(facts.get('Time'), '56 ms');
  assert.equal(facts.get('position'), '9');
});

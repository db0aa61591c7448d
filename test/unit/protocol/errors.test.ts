/** What an error says is bounded and harmless, whatever its facts hold: a model file or a document can fill them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { EngineError, type ErrorCode, errorTexts, messageForLog } from '../../../src/protocol/errors.ts';

const codes = Object.keys(errorTexts) as ErrorCode[];
const factsOf = (code: ErrorCode) => [...errorTexts[code].matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
const withFacts = (code: ErrorCode, fact: string) =>
  new EngineError(code, Object.fromEntries(factsOf(code).map((name) => [name, fact])));

describe('a fact of any length', () => {
  for (const code of codes.filter((one) => factsOf(one).length > 0)) {
    test(code, () => {
      const error = withFacts(code, `begins${'x'.repeat(1_000_000)}ends`);
      assert.ok(error.message.length < 4000, `${error.message.length} characters`);
      for (const fact of Object.values(error.facts)) assert.match(String(fact), /^beginsx+ … x+ends$/);
    });
  }
});

test('what can be read whole is told whole', () => {
  const path = `/${'folder/'.repeat(60)}model`;
  assert.ok(new EngineError('model-folder-missing', { path }).message.includes(path));
});

test('numbers stay numbers', () => {
  assert.deepEqual(new EngineError('token-unknown', { id: 7, last: 6 }).facts, { id: 7, last: 6 });
});

test('no control or format character is told as it is, and no half of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (reason) => {
      const { message } = new EngineError('internal', { reason });
      assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.ok(message.isWellFormed());
    }),
  );
  const hostile = new EngineError('internal', { reason: 'a\u001b[31mb\u202ec' });
  assert.match(hostile.message, /a‹U\+001B›\[31mb‹U\+202E›c/);
});

test('in a log stands nothing that a person wrote or chose, and what is about files stands there', () => {
  const written = new EngineError('token-not-single', {
    ...{ text: ' Rome wasn’t', count: 3, pieces: '" Rome" " was" "n’t"', first: 4242 },
  });
  assert.match(written.message, /Rome/);
  assert.equal(
    messageForLog(written),
    '"…" is … tokens for this model (…). Choose a text that is one token, or give an id such as #….',
  );
  const option = new EngineError('option-invalid', {
    option: 'foil.text',
    value: '" Rome"',
    expected: 'a text',
  });
  assert.equal(messageForLog(option), 'foil.text is …, but must be a text.');
  assert.equal(
    messageForLog(new EngineError('token-unknown', { id: 4242, last: 9 })).includes('4242'),
    false,
  );
  const file = new EngineError('json-invalid', { file: 'config.json', reason: 'it ends too early' });
  assert.equal(messageForLog(file), file.message);
});

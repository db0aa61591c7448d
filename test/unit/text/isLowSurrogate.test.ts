import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLowSurrogate } from '../../../src/text/isLowSurrogate.ts';

test('the second half of a character, and nothing else', () => {
  const text = 'a😀\ud83dé\udfff';
  const found = Array.from({ length: text.length + 1 }, (_, index) => isLowSurrogate(text, index));
  assert.deepEqual(found, [false, false, true, false, false, true, false]);
  assert.deepEqual([isLowSurrogate('\udc00', 0), isLowSurrogate('\udbff', 0)], [true, false]);
  assert.equal(isLowSurrogate('\ue000', 0), false);
});

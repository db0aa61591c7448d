import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFlips } from '../../../fuzz/flips.ts';

test('random texts: what the searches find is what trying every edit finds', async () => {
  const { runs, flippable, flips, edits } = await fuzzFlips(24, 5, 3);
  assert.equal(runs, 24);
  assert.ok(flippable > 8 && flips > 0 && flips < edits);
});

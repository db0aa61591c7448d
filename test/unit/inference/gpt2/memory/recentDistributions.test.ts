import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution } from '../../../../../src/inference/gpt2/distribution.ts';
import { RecentDistributions } from '../../../../../src/inference/gpt2/memory/recentDistributions.ts';

const distribution = () => ({}) as Distribution;

test('the last eight are found again by the ids read and the heads that were switched on', async () => {
  const recent = new RecentDistributions();
  let computed = 0;
  const ask = async (ids: number[], mask: Float32Array | null = null) => {
    const before = computed;
    await recent.of(ids, mask, async () => {
      computed++;
      return distribution();
    });
    return computed > before;
  };
  for (let id = 0; id < 8; id++) assert.ok(await ask([id]));
  assert.equal(await ask([0]), false);
  assert.ok(await ask([0], Float32Array.of(1, 0)));
  assert.deepEqual([await ask([0]), await ask([2])], [false, false]);
  assert.ok(await ask([1]), 'the one that was used least recently is gone');
});

test('two requests for the same one at once get the same, which is kept once', async () => {
  const recent = new RecentDistributions();
  const slow = () =>
    recent.of([1], null, async () => {
      await new Promise(setImmediate);
      return distribution();
    });
  const [one, other] = await Promise.all([slow(), slow()]);
  assert.equal(one, other);
  for (let id = 2; id < 9; id++) await recent.of([id], null, async () => distribution());
  const again = await recent.of([1], null, () => Promise.reject(new Error('forgotten')));
  assert.equal(again, one);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MeanRows } from '../../../../../src/inference/gpt2/meanRows.ts';
import { MeanPatterns } from '../../../../../src/inference/gpt2/memory/meanPatterns.ts';

const layers = 2;

/** Takes row after row, others in between: each attends to itself alone, with a weight that tells the text. */
async function readOn(rows: MeanRows, ids: readonly number[], weight = 1): Promise<number> {
  const first = rows.queries;
  for (let query = first; query < ids.length; query++) {
    const row = new Float32Array(query + 1);
    row[query] = weight;
    for (let layer = 0; layer < layers; layer++) rows.take(layer, row, query, 1);
    await new Promise(setImmediate);
  }
  return first;
}

describe('what is known of a text', () => {
  test('is lent again, and forgotten from the token on where another text differs', async () => {
    const patterns = new MeanPatterns({ layers });
    const known = (ids: readonly number[]) => patterns.use(ids, (rows) => readOn(rows, ids));
    assert.equal(await known([1, 2, 3, 4]), 0);
    assert.equal(await known([1, 2, 3, 4, 5]), 4);
    assert.equal(await known([1, 2]), 2);
    assert.equal(await known([1, 2, 3, 4, 5]), 5, 'a beginning of it is no other text');
    assert.equal(await known([1, 2, 9]), 2);
    assert.equal(await known([1, 2, 3]), 2);
  });

  test('is kept when the request fails', async () => {
    const patterns = new MeanPatterns({ layers });
    const failing = patterns.use([1, 2, 3], async (rows) => {
      await readOn(rows, [1, 2]);
      throw new Error('cancelled');
    });
    await assert.rejects(failing, /cancelled/);
    assert.equal(await patterns.use([1, 2, 3], (rows) => readOn(rows, [1, 2, 3])), 2);
  });

  test('is no more than the limit', async () => {
    const bytesOf = (queries: number) => (layers * queries * (queries + 1) * 4) / 2;
    const patterns = new MeanPatterns({ layers }, bytesOf(3));
    const use = (ids: readonly number[]) => patterns.use(ids, (rows) => readOn(rows, ids));
    await use([1, 2, 3]);
    assert.equal(patterns.bytes, bytesOf(3));
    await use([1, 2, 3, 4]);
    assert.equal(patterns.bytes, 0);
  });
});

test('two requests about two texts at once see their own', async () => {
  const patterns = new MeanPatterns({ layers });
  const ask = (ids: readonly number[], weight: number) =>
    patterns.use(ids, async (rows) => {
      await readOn(rows, ids, weight);
      return rows.rollout(ids.length - 1);
    });
  await ask([1, 2], 1);
  const [one, other] = await Promise.all([ask([1, 2, 3, 4, 5], 1), ask([1, 9, 8], 0)]);
  assert.deepEqual(one, Float32Array.of(0, 0, 0, 0, 1));
  assert.deepEqual(other, Float32Array.of(0, 0, 0.25));
});

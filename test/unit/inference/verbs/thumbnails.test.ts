/** Small maps of all heads against the whole ones. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { attention } from '../../../../src/inference/verbs/attention.ts';
import { pooledSize } from '../../../../src/inference/verbs/pooling.ts';
import { thumbnails as thumbnailsWith } from '../../../../src/inference/verbs/thumbnails.ts';
import type { Progress, ThumbnailParams } from '../../../../src/protocol/engine.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const [layers, heads] = [3, 4];
const text = 'The fox in the box 🙂';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers, heads, width: 16, contextLength: 32, vocabularySize: 300, seed: 6 },
  // Attention that differs from key to key, so that weights below 1/510 are among it.
  values: (name, values) => {
    if (name.endsWith('c_attn.weight')) for (const [at, value] of values.entries()) values[at] = 6 * value;
  },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const thumbnails = (changes: Partial<ThumbnailParams> = {}, run: Run<Progress> = Run.detached()) =>
  thumbnailsWith(model, { modelDir, text, bos: true, size: 5, ...changes }, run);

async function wholeMaps(): Promise<{ n: number; maps: Float32Array[] }> {
  const params = { modelDir, text, bos: true, layers: null, heads: null };
  const { tokens, attention: maps } = await attention(model, params, Run.detached());
  return { n: tokens.length, maps: maps.flat() };
}

async function check(size: number): Promise<void> {
  const { n, maps } = await wholeMaps();
  const { weights, size: side, tokens, ...rest } = await thumbnails({ size });
  assert.deepEqual([side, tokens.length, rest.layers, rest.heads], [Math.min(size, n), n, layers, heads]);
  assert.equal(weights.length, layers * heads * side * side);
  let small = 0;
  for (const [head, map] of maps.entries()) {
    const largest = new Float64Array(side * side);
    for (let query = 0; query < n; query++) {
      for (let key = 0; key < n; key++) {
        const cell = Math.floor((query * side) / n) * side + Math.floor((key * side) / n);
        largest[cell] = Math.max(largest[cell]!, map[query * n + key]!);
      }
    }
    for (const [cell, weight] of largest.entries()) {
      const actual = weights[head * side * side + cell]!;
      // Half a step, and the rounding of two different computations.
      assert.ok(
        Math.abs(actual / 255 - weight) <= 0.5 / 255 + 1e-5,
        `${head}, ${cell}: ${actual}, ${weight}`,
      );
      if (weight > 0 && weight < 1 / 511) {
        small++;
        assert.equal(actual, 0);
      }
    }
  }
  if (side === n) assert.ok(small > 0, 'no weight is too small to show');
}

test('each cell is the largest of its weights, in 1/255', async (t) => {
  for (const size of [1, 5, 8, 4096]) await check(size);
  for (const atOnce of [1, 100, 1000]) {
    t.mock.property(model.programs.pace, 'patternWeights', atOnce);
    await check(5);
    t.mock.restoreAll();
  }
});

test('all maps together stay small', () => {
  const of12 = { maps: 144, bytesPerCell: 1 };
  assert.deepEqual([pooledSize(1024, 64, of12), pooledSize(40, 64, of12)], [64, 40]);
  assert.equal(pooledSize(1024, 4096, of12), 235);
  assert.equal(pooledSize(1024, 4096, { maps: 1, bytesPerCell: 4 }), 1024);
  assert.equal(pooledSize(4096, 4096, { maps: 1, bytesPerCell: 4 }), 1414);
  assert.equal(pooledSize(9, 9, { maps: 10_000_000, bytesPerCell: 1 }), 1);
});

test('reports progress by layers, and can be cancelled', async () => {
  const told: Progress[] = [];
  await thumbnails({}, new Run<Progress>(new AbortController().signal, (progress) => told.push(progress)));
  const explaining = told.filter(({ stage }) => stage === 'explaining');
  assert.deepEqual(
    explaining.map(({ done, total }) => [done, total]),
    [1, 2, 3].map((done) => [done, layers]),
  );
  const controller = new AbortController();
  const run = new Run<Progress>(controller.signal, ({ stage }) => {
    if (stage === 'explaining') controller.abort();
  });
  await assert.rejects(thumbnails({}, run), { code: 'cancelled' });
  await assert.rejects(thumbnails({ text: '', bos: false }), { code: 'text-empty' });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Streams } from '../../../../../src/inference/gpt2/memory/streams.ts';
import type { Gpt2 } from '../../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../../src/inference/run.ts';
import { writeCheckpoint } from '../../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../../fixtures/temporary.ts';
import { assertNear } from '../../../../reference/near.ts';

const [layers, width] = [2, 16];
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers, heads: 2, width, contextLength: 48, vocabularySize: 300, seed: 11 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());
const ids = [...Array(12).keys()];
const bytesPerToken = (layers + 1) * width * 4;

test('no more is kept than the limit', async () => {
  const streams = new Streams(model, model.memory.readings, 5 * bytesPerToken);
  const read = (some: readonly number[]) => streams.of(some, Run.detached(), () => {});
  const first = await read(ids);
  assert.deepEqual([first.length, first[0]?.length], [layers + 1, ids.length * width]);
  assert.equal(streams.bytes, 5 * bytesPerToken);
  const copy = first.map((rows) => rows.slice());
  const again = await read(ids);
  for (const [layer, rows] of again.entries()) {
    assertNear(rows, copy[layer]!, { relative: 1e-5 }, `layer ${layer}`);
  }
  await read(ids.slice(0, 3));
  assert.equal(streams.bytes, 5 * bytesPerToken, 'a beginning of what is known is known');
  await read([...ids.slice(0, 2), 9]);
  assert.equal(streams.bytes, 3 * bytesPerToken);
  assert.deepEqual(first, copy, 'what was handed out does not change');
});

test('two requests about two texts at once see their own', async (t) => {
  t.mock.getter(model.programs.pace.decode, 'rows', () => 2);
  const streams = new Streams(model, model.memory.readings);
  const texts = [ids, [...ids.slice(0, 5), 99, 98, 97, 96], ids.slice(0, 7)];
  const read = (of: Streams, some: readonly number[]) => of.of(some, Run.detached(), () => {});
  const together = await Promise.all(texts.map((some) => read(streams, some)));
  for (const [index, some] of texts.entries()) {
    const alone = await read(new Streams(model, model.memory.readings), some);
    for (const [layer, rows] of alone.entries()) {
      assertNear(together[index]?.[layer] ?? [], rows, { relative: 1e-5 }, `text ${index}, layer ${layer}`);
    }
  }
});

/** Reading in stages gives what reading in one piece gives, and can be cancelled between two of them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { paceOf } from '../../../../src/inference/gpt2/pace.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { gpt2Small, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const size = { layers: 4, heads: 2, width: 16, contextLength: 24, vocabularySize: 300 };
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), { ...size, seed: 8 });
const ids = [1, 22, 3, 44, 5, 66, 7];
let whole: Gpt2;
let cut: Gpt2;
before(async () => {
  whole = await openModel(modelDir, 'interactive');
  cut = await openModel(modelDir, 'interactive');
});
after(() => {
  whole.dispose();
  cut.dispose();
});

/** Everything that is known after a text, of which the last token is read alone. */
async function readAll(model: Gpt2, sequence = new Sequence(model)) {
  const streams: number[][] = [];
  const patterns: number[][] = [];
  const layers = [0, 1, 2, 3];
  const residual = await sequence.read(ids.slice(sequence.length, -1), Run.detached(), {
    residuals: { layers: [...layers, 4], take: (layer, stream) => streams.push([layer, ...stream]) },
    patterns: { of: 'heads', layers, take: (layer, pattern) => patterns.push([layer, ...pattern]) },
  });
  const distribution = await sequence.step(ids.at(-1)!, 5, Run.detached());
  return { residual, streams, patterns, top: distribution.top.map(({ probability }) => probability) };
}

for (const stages of [2, 4]) {
  test(`the same in ${stages} stages`, async (t) => {
    const model = await openModel(modelDir, 'interactive');
    t.after(() => model.dispose());
    t.mock.property(model.programs.pace, 'readingStages', stages);
    assert.equal((await model.programs.step(Run.detached())).length, stages);
    const [expected, found] = [await readAll(whole), await readAll(model)];
    assertNear(found.residual, expected.residual, { relative: 1e-5 }, 'residual');
    for (const name of ['streams', 'patterns'] as const) {
      assert.equal(found[name].length, expected[name].length);
      for (const [index, one] of found[name].entries())
        assertNear(one, expected[name][index]!, { relative: 1e-5 }, `${name} ${index}`);
    }
    assertNear(found.top, expected.top, { relative: 1e-5 }, 'after a step');
  });
}

test('a reading that is cancelled between two stages has read nothing, and goes on from there', async (t) => {
  t.mock.property(cut.programs.pace, 'readingStages', 4);
  const sequence = new Sequence(cut);
  await sequence.read(ids.slice(0, 2), Run.detached());
  const controller = new AbortController();
  const run = new Run(controller.signal, () => {});
  let turns = 0;
  const breathe = t.mock.method(run, 'breathe', async () => {
    if (++turns === 2) controller.abort();
    run.throwIfAborted();
  });
  await assert.rejects(sequence.read(ids.slice(2), run), { code: 'cancelled' });
  assert.equal(breathe.mock.callCount(), 2);
  assert.equal(sequence.length, 2);
  const { top } = await readAll(cut, sequence);
  assertNear(top, (await readAll(whole)).top, { relative: 1e-5 }, 'after it');
});

test('the smallest GPT-2 is read in one piece, one of 6 GB in eight', () => {
  const stages = (layers: number, width: number) =>
    paceOf({ ...gpt2Small, layers, width, inner: 4 * width } as never, 'interactive', 1e11).readingStages;
  assert.deepEqual([stages(12, 768), stages(24, 1024), stages(36, 1280), stages(48, 1600)], [1, 2, 4, 8]);
});

/** How expected the rest of a changed text is, against the scores of texts that are read plainly. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { predictions } from '../../../../src/inference/gpt2/predictions.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../../../src/inference/question/openFunction.ts';
import { Run } from '../../../../src/inference/run.ts';
import { refillSamples } from '../../../../src/protocol/methods.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 6 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const near = { relative: 1e-5, floor: 1e-5 };
const idsOf = (text: string) => model.tokenizer.encode(text).map(({ id }) => id);
const text = 'a fox, in the box';

/** −log p of each id but the first. */
async function surprisals(ids: readonly number[]): Promise<number[]> {
  const residual = await new Sequence(model).read(ids.slice(0, -1), Run.detached());
  const found: number[] = [];
  for await (const slice of predictions(model, residual, ids.slice(1), 0, Run.detached()))
    found.push(...slice.map(({ logProb }) => -logProb));
  return found;
}

/** The explained tokens begin after `context` others. */
async function open(context = 0) {
  const ids = idsOf(text);
  const asked = { ids, first: context, count: ids.length - context, target: 7, foil: [9] };
  const question = { ...asked, objective: 'contrast', baseline: 'eot' } as const;
  return openFunction(model, new Sequence(model), question, Run.detached());
}

const sumFrom = (values: readonly number[], place: number, but: readonly number[] = []) =>
  values.reduce((sum, value, at) => (at + 1 < place || but.includes(at + 1) ? sum : sum + value), 0);

test('of the text itself, with its context', async () => {
  for (const context of [0, 3]) {
    const f = await open(context);
    assertNear(await f.surprisalsOfText!(), await surprisals(idsOf(text)), near, 'text');
    f.release();
  }
});

test('a replaced embedding: as if the baseline’s token stood there, without its own surprisal', async () => {
  for (const context of [0, 3]) {
    const f = await open(context);
    const ids = idsOf(text);
    const sets = [[1], [0, 2]];
    const seen = await f.surprisals!(sets, { removal: 'baseline', seed: 0 });
    for (const [at, set] of sets.entries()) {
      const places = set.map((token) => context + token);
      const values = await surprisals(
        ids.map((id, place) => (places.includes(place) ? model.tokenizer.endOfText : id)),
      );
      const from = places[0]! + 1;
      assertNear([seen[at]!.sum], [sumFrom(values, from, places)], near, `without ${set}`);
      assert.equal(seen[at]!.count, ids.length - from - (set.length - 1));
    }
    f.release();
  }
});

test('a left-out token: the text that is left', async () => {
  const f = await open();
  const [seen] = await f.surprisals!([[1]], { removal: 'delete', seed: 0 });
  const token = model.tokenizer.encode(text)[1]!;
  const values = await surprisals(idsOf(text.slice(0, token.start) + text.slice(token.end)));
  assertNear([seen!.sum], [sumFrom(values, 2)], near, 'without a token');
  f.release();
});

test('a hidden token: whatever stands there, and more than nothing changes', async () => {
  const f = await open();
  const [[seen], [other]] = [
    await f.surprisals!([[1]], { removal: 'mask', seed: 0 }),
    await f.surprisals!([[2]], { removal: 'mask', seed: 0 }),
  ];
  assert.equal(seen!.count, idsOf(text).length - 2);
  assert.notEqual(seen!.sum, other!.sum);
  const values = await surprisals(idsOf(text));
  assert.ok(Math.abs(seen!.sum - sumFrom(values, 2)) > 1e-3);
  f.release();
});

test('drawn texts: each for itself, with what was drawn', async () => {
  const f = await open();
  const seen = await f.surprisals!([[1, 2]], { removal: 'refill', seed: 3 });
  assert.equal(seen.length, refillSamples);
  assert.ok(seen.every(({ count }) => count === idsOf(text).length - 2));
  f.release();
});

test('nothing is measured where nothing is left behind the change, and of an empty set', async () => {
  const f = await open();
  const all = idsOf(text).map((_, token) => token);
  assert.deepEqual(await f.surprisals!([[], [all.length - 1], all], { removal: 'baseline', seed: 0 }), []);
  f.release();
});

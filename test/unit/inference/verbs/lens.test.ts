/** The logit lens: its last row is the model's own prediction, the others those of a model with fewer layers. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { distribution } from '../../../../src/inference/verbs/distribution.ts';
import { lens as lensWith } from '../../../../src/inference/verbs/lens.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { LensParams, Progress } from '../../../../src/protocol/engine.ts';
import type { Lens } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { distributionRequest, lensRequest, scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, contextLength] = [3, 24];
const text = 'a 🙂 in the box';
const folder = temporaryFolder({ after });
const size = { heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 9 };
const modelDir = writeCheckpoint(path.join(folder, 'model'), { ...size, layers });
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const lens = (changes: Partial<LensParams> = {}, run: Run<Progress> = Run.detached()) =>
  lensWith(model, lensRequest({ modelDir, text, ...changes }), run);

const row = <A extends Int32Array | Float32Array>(of: Lens, cells: A, index: number) =>
  Array.from(cells).slice(index * of.tokens.length, (index + 1) * of.tokens.length);

for (const bos of [false, true]) {
  test(`the last row is the model's own prediction${bos ? ', BOS first' : ''}`, async () => {
    const seen = await lens({ bos });
    const { tokens, rows, ids, probabilities, texts, followed } = seen;
    const all = model.tokenizer.encode(text).length + (bos ? 1 : 0);
    assert.deepEqual([rows, tokens.length, ids.length], [layers + 1, all, (layers + 1) * all]);
    assert.deepEqual([tokens[0]?.start, tokens[0]?.end], bos ? [0, 0] : [0, 1]);

    const scored = await score(model, scoreRequest({ modelDir, text, bos, top: 1 }), Run.detached());
    // Each token predicts the next one; the last one what comes after the text.
    const predicted = [...scored.tokens.slice(bos ? 0 : 1).map(({ top }) => top[0]), scored.next[0]];
    assert.deepEqual(
      row(seen, ids, layers),
      predicted.map((one) => one?.id),
    );
    assertNear(
      row(seen, probabilities, layers),
      predicted.map((one) => one?.probability ?? 0),
      { relative: 1e-5 },
      'probabilities',
    );
    assert.deepEqual(
      [followed?.id, followed?.text],
      [predicted.at(-1)?.id, (predicted.at(-1) as { text: string }).text],
    );
    assert.deepEqual(texts.map(({ id }) => id).toSorted(), [...new Set(ids)].toSorted());
    for (const { id, text: name } of texts) assert.equal(name, model.tokenizer.textOf(id));
  });
}

test('row l is the last row of the model without the layers from l on', async (t) => {
  const seen = await lens({ bos: true, follow: { kind: 'id', id: 17 } });
  for (let layer = 1; layer <= layers; layer++) {
    const shallow = await openModel(
      // The same weights: they are drawn in the order of the layers, so those above are left out at the end.
      writeCheckpoint(path.join(folder, `${layer}`), { ...size, layers, values: silence(layer) }),
      'interactive',
    );
    t.after(() => shallow.dispose());
    const expected = await lensWith(
      shallow,
      lensRequest({ modelDir, text, bos: true, follow: { kind: 'id', id: 17 } }),
      Run.detached(),
    );
    assert.deepEqual(row(seen, seen.ids, layer), row(expected, expected.ids, layers), `row ${layer}`);
    const cells = (of: Lens, at: number) => [
      ...row(of, of.probabilities, at),
      ...row(of, of.followed?.probabilities ?? new Float32Array(0), at),
      ...row(of, of.followed?.ranks ?? new Int32Array(0), at),
    ];
    assertNear(cells(seen, layer), cells(expected, layers), { relative: 1e-5 }, `row ${layer}`);
  }
});

/** Layers from `first` on write nothing. */
const silence = (first: number) => (name: string, values: Float32Array) => {
  const layer = Number(/^h\.(\d+)\..*c_proj/.exec(name)?.[1] ?? -1);
  if (layer >= first) values.fill(0);
};

test('a token is followed by its rank and probability, or none is', async () => {
  const id = model.tokenizer.encode('x')[0]?.id as number;
  const { followed, ...seen } = await lens({ follow: { kind: 'text', text: 'x' } });
  assert.deepEqual([followed?.id, followed?.text], [id, 'x']);
  for (const index of [1, 4]) {
    const request = distributionRequest({ modelDir, text, at: { kind: 'token', index }, top: 100 });
    const { candidates } = await distribution(model, request, Run.detached());
    const cell = layers * seen.tokens.length + index - 1;
    const rank = candidates.findIndex((one) => one.id === id) + 1;
    const seenRank = followed?.ranks[cell] as number;
    if (rank > 0) assert.equal(seenRank, rank);
    else assert.ok(seenRank > 100);
  }
  assert.equal((await lens({ follow: null })).followed, null);
  // The favourite is first in its own cell.
  const top = await lens();
  assert.equal(top.followed?.ranks.at(-1), 1);
  assertNear(
    [top.followed?.probabilities.at(-1) ?? 0],
    [top.probabilities.at(-1) ?? 1],
    { relative: 1e-5 },
    'favourite',
  );
});

test('a range: only its tokens are reported; those before it are read, those after it are not', async () => {
  const whole = await lens({ follow: { kind: 'id', id: 5 }, bos: true });
  const first = whole.tokens.findIndex(({ start }) => start > 4);
  const range = { start: whole.tokens[first]?.start ?? 0, end: whole.tokens[first + 2]?.end ?? 0 };
  const part = await lens({ range, follow: { kind: 'id', id: 5 }, bos: true });
  assert.deepEqual(part.tokens, whole.tokens.slice(first, first + 3));
  for (let layer = 0; layer <= layers; layer++) {
    for (const key of ['ids', 'probabilities'] as const) {
      const expected = row(whole, whole[key], layer).slice(first, first + 3);
      assertNear(row(part, part[key], layer), expected, { relative: 1e-5 }, `${key} ${layer}`);
    }
  }
  // What comes after the range is predicted from what stands before its end.
  const own = await lens({ range, bos: true });
  assert.equal(own.followed?.id, own.ids.at(-1));
  const fromStart = await lens({ range: { start: 0, end: 3 }, bos: true });
  assert.deepEqual(fromStart.tokens[0]?.end, 0, 'BOS');
  await assert.rejects(lens({ range: { start: 2, end: 2 } }), { code: 'text-empty' });
  await assert.rejects(lens({ text: '' }), { code: 'text-empty' });
  assert.equal((await lens({ text: '', bos: true })).tokens.length, 1);
});

test('a range after text that has not been read yet', async () => {
  const fresh = await openModel(modelDir, 'interactive');
  try {
    const asked = lensRequest({ modelDir, text, bos: true, follow: { kind: 'id', id: 5 } });
    const range = { start: text.length - 3, end: text.length };
    const part = await lensWith(fresh, { ...asked, range }, Run.detached());
    assert.equal(part.ids.length, part.rows * part.tokens.length);
    const whole = await lens({ bos: true, follow: { kind: 'id', id: 5 } });
    const from = whole.tokens.length - part.tokens.length;
    assert.ok(from > 0);
    for (let layer = 0; layer <= layers; layer++) {
      assert.deepEqual(row(part, part.ids, layer), row(whole, whole.ids, layer).slice(from));
    }
  } finally {
    await fresh.dispose();
  }
});

test('of a range longer than the context the last tokens that fit', async () => {
  const long = 'the box '.repeat(20);
  const all = model.tokenizer.encode(long);
  for (const end of [long.length, 100]) {
    const { tokens, receipt } = await lens({ text: long, range: { start: 0, end }, bos: true });
    assert.equal(tokens.length, contextLength);
    assert.equal(tokens.at(-1)?.end, end);
    assert.equal(receipt.droppedTokens, all.findIndex((token) => token.end === end) + 2 - contextLength);
    assert.deepEqual([tokens[0]?.start, tokens[0]?.end], [tokens[1]?.start, tokens[1]?.start]);
  }
});

test('tokens that are not there are named', async () => {
  await assert.rejects(lens({ follow: { kind: 'id', id: 300 } }), { code: 'token-unknown' });
  await assert.rejects(lens({ follow: { kind: 'text', text: 'two of them' } }), { code: 'token-not-single' });
});

test('works in slices with progress, can be cancelled, and keeps what was read', async (t) => {
  const whole = await lens({ bos: true });
  const fresh = await openModel(modelDir, 'interactive');
  t.after(() => fresh.dispose());
  t.mock.getter(fresh.programs.pace.decode, 'rows', () => 4);
  t.mock.getter(fresh.programs.pace.head, 'rows', () => 3);
  const request = lensRequest({ modelDir, text, bos: true });
  const controller = new AbortController();
  const cells = whole.ids.length;
  const half = new Run<Progress>(controller.signal, ({ done }) => {
    if (done > cells / 2) controller.abort();
  });
  await assert.rejects(lensWith(fresh, request, half), { code: 'cancelled' });
  assert.ok(fresh.memory.readings.bytes > 0);
  const seen: number[] = [];
  const watched = new Run<Progress>(new AbortController().signal, ({ done, total }) => {
    assert.equal(total, cells);
    seen.push(done);
  });
  const sliced = await lensWith(fresh, request, watched);
  assert.deepEqual(sliced.ids, whole.ids);
  assertNear(sliced.probabilities, whole.probabilities, { relative: 1e-5 }, 'probabilities');
  assert.deepEqual(sliced.followed?.ranks, whole.followed?.ranks);
  assert.ok(seen.length > 10 && seen.at(-1) === cells);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
});

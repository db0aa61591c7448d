/** What one token attends to, in every view, and how little of it is computed again. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { attend as attendWith } from '../../../../src/inference/verbs/attend.ts';
import { attention } from '../../../../src/inference/verbs/attention.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { AttendParams, AttentionView, Progress } from '../../../../src/protocol/engine.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { attendRequest, scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, heads, contextLength] = [3, 2, 24];
const text = 'a 🙂 in the box';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers, heads, width: 16, contextLength, vocabularySize: 300, seed: 5 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const attend = (changes: Partial<AttendParams> = {}, run: Run<Progress> = Run.detached()) =>
  attendWith(model, attendRequest({ modelDir, text, ...changes }), run);

/** A row of a map, up to the query. */
async function mapRow(bos: boolean, layer: number, head: number, query: number): Promise<Float32Array> {
  const params = { modelDir, text, bos, layers: [layer], heads: [head] };
  const { attention: maps, tokens } = await attention(model, params, Run.detached());
  const map = maps[0]?.[0] as Float32Array;
  return map.subarray(query * tokens.length, query * tokens.length + query + 1);
}

const sum = (weights: Float32Array) => weights.reduce((total, weight) => total + weight, 0);

for (const bos of [false, true]) {
  test(`the rows are those of the maps${bos ? ', BOS first' : ''}`, async () => {
    const offset = 7;
    const { rows, tokens, layers: L, heads: H } = await attend({ offset, bos });
    assert.deepEqual([L, H, rows.length], [layers, heads, layers * heads * tokens.length]);
    const query = tokens.length - 1;
    const last = tokens[query];
    assert.ok(last && last.start <= offset && offset < last.end);
    assert.deepEqual([tokens[0]?.start, tokens[0]?.end], bos ? [0, 0] : [0, tokens[0]?.end]);
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        const row = rows.subarray((layer * heads + head) * tokens.length).subarray(0, tokens.length);
        assertNear(row, await mapRow(bos, layer, head, query), { relative: 1e-5 }, `${layer}.${head}`);
      }
    }
  });
}

test('a view is a row, or the mean of rows', async () => {
  const { rows, tokens } = await attend();
  const row = (index: number) => rows.subarray(index * tokens.length, (index + 1) * tokens.length);
  const mean = (indices: number[]) =>
    Array.from(tokens, (_, key) => indices.reduce((total, i) => total + row(i)[key]!, 0) / indices.length);
  const views: [AttentionView, ArrayLike<number>][] = [
    [{ kind: 'head', layer: 2, head: 1 }, row(5)],
    [{ kind: 'layer', layer: 1 }, mean([2, 3])],
    [{ kind: 'mean' }, mean([0, 1, 2, 3, 4, 5])],
  ];
  for (const [view, expected] of views) {
    const { weights } = await attend({ view });
    assertNear(weights, expected, { relative: 1e-5 }, JSON.stringify(view));
    assertNear([sum(weights)], [1], { relative: 1e-5 }, 'sum');
  }
});

test('without the first key the others keep their proportions and sum to 1', async () => {
  for (const view of [{ kind: 'mean' }, { kind: 'head', layer: 0, head: 1 }, { kind: 'rollout' }] as const) {
    const { weights: all } = await attend({ view });
    const { weights } = await attend({ view, withoutFirst: true });
    assert.equal(weights[0], 0);
    assertNear([sum(weights)], [1], { relative: 1e-5 }, 'sum');
    const rest = 1 - (all[0] as number);
    assertNear(
      weights.subarray(1),
      all.subarray(1).map((weight) => weight / rest),
      { relative: 1e-5 },
      view.kind,
    );
  }
  const { weights } = await attend({ text: 'a', withoutFirst: true });
  assert.deepEqual([...weights], [1], 'the only key');
});

test('the query is the token that covers the offset, at the end the last one', async () => {
  const tokens = model.tokenizer.encode(text);
  const queryOf = async (offset: number) => (await attend({ offset })).tokens.length - 1;
  assert.equal(await queryOf(0), 0);
  assert.equal(await queryOf(text.length), tokens.length - 1);
  const emoji = tokens.findIndex(({ start }) => start === 2);
  assert.deepEqual([await queryOf(2), await queryOf(3)], [emoji, emoji]);
  const { tokens: read, weights } = await attend({ text: '', bos: true });
  assert.deepEqual([read.length, [...weights]], [1, [1]]);
  await assert.rejects(attend({ text: '' }), { code: 'text-empty' });
});

test('a query beyond the context drops the front', async () => {
  const long = 'the box '.repeat(20);
  for (const view of [{ kind: 'mean' }, { kind: 'rollout' }] as const) {
    const { tokens, receipt, weights } = await attend({ text: long, offset: 100, bos: true, view });
    assert.equal(tokens.length, contextLength);
    assert.ok(receipt.droppedTokens > 0);
    const last = tokens.at(-1);
    assert.ok(last && last.start <= 100 && 100 < last.end);
    const own = await attend({ text: long.slice(tokens[1]?.start, last.end), bos: true, view });
    assertNear(weights, own.weights, { relative: 1e-4 }, view.kind);
  }
});

test('lists as many next tokens as are asked for', async () => {
  const { tokens } = await score(model, scoreRequest({ modelDir, text, top: 5 }), Run.detached());
  const after = tokens.findIndex(({ start }) => start > 8);
  for (const top of [0, 1, 5]) {
    const { next } = await attend({ offset: 8, top });
    const expected = tokens[after]?.top.slice(0, top) ?? [];
    assert.deepEqual(
      next.map(({ id }) => id),
      expected.map(({ id }) => id),
    );
    const probabilities = (list: readonly { probability: number }[]) =>
      list.map(({ probability }) => probability);
    assertNear(probabilities(next), probabilities(expected), { relative: 1e-5 }, `top ${top}`);
  }
});

test('a layer or head that is not there is refused', async () => {
  const views: [AttentionView, object][] = [
    [
      { kind: 'head', layer: layers, head: 0 },
      { option: 'layer', value: layers, expected: '0 … 2' },
    ],
    [
      { kind: 'head', layer: 0, head: heads },
      { option: 'head', value: heads, expected: '0 … 1' },
    ],
    [
      { kind: 'layer', layer: 9 },
      { option: 'layer', value: 9, expected: '0 … 2' },
    ],
  ];
  for (const [view, facts] of views) {
    await assert.rejects(attend({ view }), { code: 'option-invalid', facts });
  }
});

test('a rollout reads a text once, and only what is new after an edit', async (t) => {
  const { fresh, rows } = await countingModel(t, modelDir);
  const readRows = async (of: string, offset = of.length) => {
    rows();
    const request = attendRequest({ modelDir, text: of, offset, view: { kind: 'rollout' } });
    const { weights } = await attendWith(fresh, request, Run.detached());
    assertNear([sum(weights)], [1], { relative: 1e-5 }, 'sum');
    return rows();
  };
  const idsOf = (of: string) => fresh.tokenizer.encode(of).map(({ id }) => id);
  assert.equal(await readRows(text), idsOf(text).length);
  for (const offset of [9, 0, text.length, 5]) assert.equal(await readRows(text, offset), 1);
  const longer = `${text} is`;
  assert.equal(await readRows(longer), idsOf(longer).length - idsOf(text).length);
  // The sequence is there, but the patterns of what comes before the query are not.
  const other = `${text.slice(0, 9)}!?`;
  await attendWith(fresh, attendRequest({ modelDir, text: other }), Run.detached());
  const shared = idsOf(other).findIndex((id, index) => id !== idsOf(longer)[index]);
  assert.equal(await readRows(other), idsOf(other).length - shared);
});

test('a cancelled rollout continues where it stopped', async (t) => {
  const fresh = await openModel(modelDir, 'interactive');
  t.after(() => fresh.dispose());
  t.mock.getter(fresh.programs.pace.decode, 'rows', () => 2);
  const controller = new AbortController();
  const run = new Run<Progress>(controller.signal, ({ done }) => {
    if (done >= 4) controller.abort();
  });
  const request = attendRequest({ modelDir, text, view: { kind: 'rollout' } });
  await assert.rejects(attendWith(fresh, request, run), { code: 'cancelled' });
  const { weights } = await attendWith(fresh, request, Run.detached());
  const { weights: expected } = await attend({ view: { kind: 'rollout' } });
  assertNear(weights, expected, { relative: 1e-5 }, 'rollout');
});

test('rollouts of two texts at once equal those of each alone', async (t) => {
  const fresh = await openModel(modelDir, 'interactive');
  t.after(() => fresh.dispose());
  t.mock.getter(fresh.programs.pace.decode, 'rows', () => 2);
  const ask = async (of: string) => {
    const request = attendRequest({ modelDir, text: of, view: { kind: 'rollout' } });
    return (await attendWith(fresh, request, Run.detached())).weights;
  };
  const texts = [text, `${text.slice(0, 9)}!?`, `# ${text}`];
  const together = await Promise.all(texts.map(ask));
  for (const [index, of] of texts.entries()) {
    const { weights } = await attendWith(
      model,
      attendRequest({ modelDir, text: of, view: { kind: 'rollout' } }),
      Run.detached(),
    );
    assertNear(together[index] ?? [], weights, { relative: 1e-5 }, of);
  }
});

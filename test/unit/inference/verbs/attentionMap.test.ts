/** Maps of a whole text in every view: against the patterns themselves, what one token attends to, and finite differences. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { attend } from '../../../../src/inference/verbs/attend.ts';
import { attention } from '../../../../src/inference/verbs/attention.ts';
import { attentionMap as mapWith } from '../../../../src/inference/verbs/attentionMap.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { importance } from '../../../../src/inference/verbs/importance.ts';
import { weightsOf } from '../../../../src/inference/verbs/mapViews.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import { thumbnails } from '../../../../src/inference/verbs/thumbnails.ts';
import type {
  AttentionMapParams,
  AttentionView,
  MapView,
  Progress,
} from '../../../../src/protocol/engine.ts';
import type { AttentionMap } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import {
  attendRequest,
  explainRequest,
  importanceRequest,
  mapRequest,
  scoreRequest,
} from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, heads, contextLength] = [3, 2, 24];
const text = 'a 🙂 in the box';
const folder = temporaryFolder({ after });
const options = { layers, heads, width: 16, contextLength, vocabularySize: 300, seed: 5 };
const modelDir = writeCheckpoint(path.join(folder, 'model'), options);
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const map = (changes: Partial<AttentionMapParams> = {}, run: Run<Progress> = Run.detached()) =>
  mapWith(model, mapRequest({ modelDir, text, ...changes }), run);

const everyHead = Array.from({ length: layers * heads }, (_, index) => ({
  layer: Math.floor(index / heads),
  head: index % heads,
}));
const views: MapView[] = [
  ...everyHead.map((head) => ({ kind: 'head', ...head }) as const),
  ...[{ kind: 'layer', layer: 1 } as const, { kind: 'mean' } as const],
  ...[{ kind: 'max' } as const, { kind: 'rollout' } as const],
];
const next = { at: { kind: 'end' }, target: { kind: 'top' }, foil: { kind: 'top' } } as const;

/** All maps as the verb `attention` gives them: `[layer * heads + head]`. */
async function patterns(bos = false): Promise<Float32Array[]> {
  const params = { modelDir, text, bos, layers: null, heads: null };
  return (await attention(model, params, Run.detached())).attention.flat();
}

function combined(maps: readonly Float32Array[], combine: (cells: number[]) => number): Float32Array {
  return maps[0]!.map((_, cell) => combine(maps.map((one) => one[cell]!)));
}
const mean = (cells: number[]) => cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
const rowOf = ({ weights, size }: Pick<AttentionMap, 'weights' | 'size'>, query: number) =>
  weights.subarray(query * size, (query + 1) * size);
const sum = (row: Float32Array) => row.reduce((total, weight) => total + weight, 0);

for (const bos of [false, true]) {
  test(`a map is a pattern, their mean or the largest${bos ? ', BOS first' : ''}`, async () => {
    const maps = await patterns(bos);
    for (const [index, head] of everyHead.entries()) {
      const { weights, size, tokens } = await map({ bos, view: { kind: 'head', ...head } });
      assert.equal(size, tokens.length);
      assert.deepEqual([tokens[0]?.start, tokens[0]?.end], bos ? [0, 0] : [0, tokens[0]?.end]);
      assertNear(weights, maps[index]!, { relative: 1e-5 }, JSON.stringify(head));
    }
    const layer = await map({ bos, view: { kind: 'layer', layer: 1 } });
    assertNear(layer.weights, combined(maps.slice(2, 4), mean), { relative: 1e-5 }, 'layer');
    assertNear((await map({ bos })).weights, combined(maps, mean), { relative: 1e-5 }, 'mean');
    const largest = await map({ bos, view: { kind: 'max' } });
    assertNear(
      largest.weights,
      combined(maps, (cells) => Math.max(...cells)),
      { relative: 1e-5 },
      'max',
    );
  });
}

test('rows sum to 1, no query sees a later key, and the largest weight is given', async () => {
  for (const view of views) {
    const result = await map({ view });
    for (let query = 0; query < result.size; query++) {
      const row = rowOf(result, query);
      if (view.kind !== 'max') assertNear([sum(row)], [1], { relative: 1e-5 }, `${view.kind} ${query}`);
      assert.ok(row.subarray(query + 1).every((weight) => weight === 0));
    }
    assert.equal(result.most, Math.max(...result.weights));
  }
});

test('each row is what its token attends to', async () => {
  const tokens = model.tokenizer.encode(text);
  for (const view of views.filter((one): one is AttentionView => one.kind !== 'max')) {
    for (const withoutFirst of [false, true]) {
      const whole = await map({ view, withoutFirst });
      for (const [query, { start, end }] of tokens.entries()) {
        // An offset names the first of the tokens that share a character.
        if (start === end) continue;
        const request = attendRequest({ modelDir, text, offset: start, view, withoutFirst });
        const { weights } = await attend(model, request, Run.detached());
        const row = rowOf(whole, query).subarray(0, query + 1);
        assertNear(row, weights, { relative: 1e-5 }, `${JSON.stringify(view)} ${query} ${withoutFirst}`);
      }
    }
  }
});

test('without the first key the others keep their proportions and sum to 1', async () => {
  for (const view of views) {
    const all = await map({ view });
    const result = await map({ view, withoutFirst: true });
    assert.equal(rowOf(result, 0)[0], rowOf(all, 0)[0], 'the only key');
    for (let query = 1; query < all.size; query++) {
      const others = rowOf(all, query).map((weight, key) => (key === 0 ? 0 : weight));
      const expected = others.map((weight) => weight / sum(others));
      assertNear(rowOf(result, query), expected, { relative: 1e-5 }, `${view.kind} ${query}`);
    }
  }
});

test('a pooled cell is the largest of its weights', async () => {
  for (const gradient of [null, next]) {
    const view = { kind: 'head', layer: 1, head: 0 } as const;
    const whole = await map({ view, gradient });
    const n = whole.size;
    for (const size of [1, 2, 3, n - 1, n, n + 1]) {
      const pooled = await map({ view, gradient, size });
      const side = Math.min(size, n);
      assert.deepEqual([pooled.size, pooled.tokens.length, pooled.most], [side, n, whole.most]);
      const expected = new Float32Array(side * side);
      for (let cell = 0; cell < n * n; cell++) {
        const [row, column] = [Math.floor(cell / n), cell % n].map((at) => Math.floor((at * side) / n));
        const place = row! * side + column!;
        expected[place] = Math.max(expected[place]!, whole.weights[cell]!);
      }
      assert.deepEqual(pooled.weights, expected, `${size}`);
    }
  }
});

test('a text beyond the context loses its front', async () => {
  const long = 'the box '.repeat(20);
  const { tokens, size, receipt, weights } = await map({ text: long, bos: true });
  assert.deepEqual([tokens.length, size], [contextLength, contextLength]);
  assert.ok(receipt.droppedTokens > 0);
  const own = await map({ text: long.slice(tokens[1]?.start), bos: true });
  assertNear(weights, own.weights, { relative: 1e-4 }, 'the end alone');
  assert.deepEqual([...(await map({ text: '', bos: true })).weights], [1]);
  await assert.rejects(map({ text: '' }), { code: 'text-empty' });
});

describe('attention × gradient', () => {
  test('the views are made of the products of heads', async () => {
    const products = await Promise.all(
      everyHead.map(async (head) => {
        return (await map({ view: { kind: 'head', ...head }, gradient: next })).weights;
      }),
    );
    assert.ok(products.every((one) => Math.max(...one) > 0 && Math.min(...one) === 0));
    const expected: [MapView, Float32Array][] = [
      [{ kind: 'layer', layer: 2 }, combined(products.slice(4), mean)],
      [{ kind: 'mean' }, combined(products, mean)],
      [{ kind: 'max' }, combined(products, (cells) => Math.max(...cells))],
    ];
    for (const [view, weights] of expected) {
      const result = await map({ view, gradient: next });
      assertNear(result.weights, weights, { relative: 1e-5 }, view.kind);
      assert.equal(result.most, Math.max(...result.weights));
    }
  });

  test('in the last layer only the last query counts, and in no layer a query sees a later key', async () => {
    for (const { layer, head } of everyHead) {
      const { weights, size } = await map({ view: { kind: 'head', layer, head }, gradient: next });
      for (let query = 0; query < size; query++) {
        const row = rowOf({ weights, size }, query);
        assert.ok(row.subarray(query + 1).every((product) => product === 0));
        if (layer === layers - 1 && query < size - 1) assert.ok(row.every((product) => product === 0));
      }
    }
  });

  test('the first key is left out, and the others stay as they are', async () => {
    for (const view of [{ kind: 'mean' }, { kind: 'head', layer: 0, head: 1 }] as const) {
      const all = await map({ view, gradient: next });
      const result = await map({ view, gradient: next, withoutFirst: true });
      const expected = all.weights.map((product, cell) => (cell % all.size === 0 ? 0 : product));
      assert.deepEqual(result.weights, expected);
    }
  });

  test('is about the prediction that was asked for, and reads up to it', async () => {
    const { tokens } = await score(model, scoreRequest({ modelDir, text, top: 5 }), Run.detached());
    const index = 6;
    const start = tokens[index]?.start ?? 0;
    const cut = text.slice(0, start);
    const [first, second] = tokens[index]?.top ?? [];
    const named = (id: number | undefined) => ({ kind: 'id', id: id ?? 0 }) as const;
    const byName = { ...next, target: named(first?.id), foil: named(second?.id) };
    const expected = await map({ text: cut, gradient: byName });
    assert.equal(expected.size, index);
    for (const at of [{ kind: 'token', index } as const, { kind: 'offset', offset: start } as const]) {
      const result = await map({ gradient: { ...next, at } });
      assert.equal(result.tokens.length, index);
      assertNear(result.weights, expected.weights, { relative: 1e-4 }, at.kind);
    }
    const actual = {
      at: { kind: 'token', index },
      target: { kind: 'actual' },
      foil: { kind: 'top' },
    } as const;
    const of = named(tokens[index]?.id);
    assertNear(
      (await map({ gradient: actual })).weights,
      (await map({ text: cut, gradient: { ...next, target: of } })).weights,
      { relative: 1e-4 },
      'actual',
    );
    const alone = await map({ gradient: { ...next, foil: { kind: 'none' } } });
    const against = await map({ gradient: next });
    assert.equal(alone.contrast!.foil, null);
    assert.deepEqual(alone.contrast!.target, against.contrast!.target);
    assert.ok(against.contrast!.foil!.id !== against.contrast!.target.id);
    assert.equal((await map()).contrast, null);
    assert.notDeepEqual(alone.weights, (await map({ gradient: next })).weights);
  });

  test('runs the backward pass of each block once for a question, and of one block again for each further map', async (t) => {
    const fresh = await openModel(modelDir, 'interactive');
    t.after(() => fresh.dispose());
    const { gradient } = fresh.programs.pace;
    const learned = t.mock.method(gradient, 'learn');
    const blocks = async (changes: Partial<AttentionMapParams>, expected: number) => {
      learned.mock.resetCalls();
      const { weights } = await mapWith(
        fresh,
        mapRequest({ modelDir, text, gradient: next, ...changes }),
        Run.detached(),
      );
      assert.equal(learned.mock.callCount(), expected, JSON.stringify(changes));
      const alone = await openModel(modelDir, 'interactive');
      try {
        const request = mapRequest({ modelDir, text, gradient: next, ...changes });
        const own = await mapWith(alone, request, Run.detached());
        assertNear(weights, own.weights, { relative: 1e-5 }, JSON.stringify(changes));
      } finally {
        await alone.dispose();
      }
    };
    const head = (layer: number, head: number) => ({ view: { kind: 'head', layer, head } as const });
    await blocks(head(1, 0), 2);
    await blocks(head(1, 1), 1);
    await blocks(head(0, 1), 1);
    await blocks(head(2, 1), 1);
    await blocks({ view: { kind: 'mean' } }, layers);
    const logit = { ...next, foil: { kind: 'none' } } as const;
    await blocks({ ...head(2, 1), gradient: logit }, 1);
    await blocks({ ...head(0, 1), gradient: logit }, 2);
    await blocks({ ...head(1, 0), text: `${text} is` }, 2);
  });

  test('is the same in stages of a block', async (t) => {
    const whole = await map({ gradient: next });
    for (const slices of [2, 3, 100]) {
      t.mock.method(model.programs.pace.gradient, 'slices', () => slices);
      assertNear((await map({ gradient: next })).weights, whole.weights, { relative: 1e-5 }, `${slices}`);
      t.mock.restoreAll();
    }
  });

  test('impossible parameters are refused by name', async () => {
    const refused = (change: Partial<typeof next> | object, code: string) =>
      assert.rejects(map({ gradient: { ...next, ...change } }), { code });
    await refused({ foil: { kind: 'text', text: 'the box is in' } }, 'token-not-single');
    await refused({ target: { kind: 'actual' } }, 'option-invalid');
    await refused({ target: { kind: 'id', id: 7 }, foil: { kind: 'id', id: 7 } }, 'foil-is-target');
    await refused({ target: { kind: 'id', id: 300 } }, 'token-unknown');
    await refused({ at: { kind: 'token', index: 0 } }, 'first-token');
    await refused({ at: { kind: 'token', index: 99 } }, 'position-invalid');
    const facts = { option: 'view', value: 'rollout', expected: 'head | layer | mean | max' };
    const rollout = map({ view: { kind: 'rollout' }, gradient: next });
    await assert.rejects(rollout, { code: 'option-invalid', facts });
  });
});

test('weights that are not numbers are refused in every view, again and again', async (t) => {
  const dir = writeCheckpoint(path.join(folder, 'damaged'), {
    ...options,
    values(name, values) {
      if (name === 'h.1.attn.c_attn.bias') values[2] = Number.NaN;
    },
  });
  const damaged = await openModel(dir, 'interactive');
  t.after(() => damaged.dispose());
  for (const view of [...views, { kind: 'max' } as const]) {
    const request = mapRequest({ modelDir: dir, text, view });
    await assert.rejects(mapWith(damaged, request, Run.detached()), { code: 'tensor-not-finite' });
  }
  const all = { modelDir: dir, text, bos: false, layers: null, heads: null };
  await assert.rejects(attention(damaged, all, Run.detached()), { code: 'tensor-not-finite' });
  // A cancellation comes before the check: what was read until then is not to pass for known.
  const controller = new AbortController();
  t.mock.method(damaged.programs.pace.decode, 'learn', () => controller.abort());
  const request = mapRequest({ modelDir: dir, text });
  const cancelled = mapWith(damaged, request, new Run(controller.signal, () => {}));
  await assert.rejects(cancelled, { code: 'cancelled' });
  await assert.rejects(mapWith(damaged, request, Run.detached()), { code: 'tensor-not-finite' });
});

test('a layer or head that is not there is refused', async () => {
  const views: [MapView, object][] = [
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
    await assert.rejects(map({ view }), { code: 'option-invalid', facts });
  }
});

test('a map is the same in slices of some heads, and of some queries of one', async (t) => {
  const whole = await Promise.all(views.map((view) => map({ view })));
  const { size: n } = whole[0]!;
  for (const atOnce of [n * n, 4 * n, 1]) {
    t.mock.property(model.programs.pace, 'patternWeights', atOnce);
    for (const [index, view] of views.entries()) {
      const told: Progress[] = [];
      const run = new Run<Progress>(new AbortController().signal, (progress) => told.push(progress));
      const { weights } = await map({ view }, run);
      const what = `${JSON.stringify(view)}, ${atOnce} weights at once`;
      assertNear(weights, whole[index]!.weights, { relative: 1e-5 }, what);
      const [{ total } = { total: 0 }] = told;
      const counted = Array.from({ length: total ?? 0 }, (_, done) => [done + 1, total]);
      assert.deepEqual(
        told.map(({ done, total }) => [done, total]),
        counted,
        what,
      );
      assert.ok(counted.length >= Math.ceil(n / Math.max(1, Math.floor(atOnce / n))), what);
    }
    t.mock.restoreAll();
  }
});

/** Of two layers and two heads. */
async function longModel(t: TestContext, contextLength: number) {
  const folder = writeCheckpoint(temporaryFolder(t), {
    ...{ layers: 2, heads: 2, width: 4, contextLength, vocabularySize: 300, seed: 6 },
  });
  const long = await openModel(folder, 'interactive');
  t.after(() => long.dispose());
  return { long, folder };
}

test('of a long text no whole map is held, only some of its rows', async (t) => {
  const whole = await map({ view: { kind: 'mean' } });
  const { size: n } = whole;
  t.mock.property(model.programs.pace, 'patternWeights', 4 * n);
  const ids = model.tokenizer.encode(text).map(({ id }) => id);
  const run = Run.detached<Progress>();
  const streams = await model.memory.streams.of(ids, run, () => {});
  let next = 0;
  for await (const { firstQuery, queries, keys, weights } of weightsOf(
    model,
    streams,
    { kind: 'mean' },
    run,
  )) {
    assert.deepEqual([firstQuery, keys, weights.length], [next, next + queries, queries * keys]);
    assert.ok(weights.length <= 4 * n);
    for (let row = 0; row < queries; row++) {
      const query = firstQuery + row;
      const expected = whole.weights.subarray(query * n, query * n + query + 1);
      assertNear(
        weights.subarray(row * keys, row * keys + query + 1),
        expected,
        { relative: 1e-5 },
        `${query}`,
      );
    }
    next += queries;
  }
  assert.equal(next, n);
});

test('what multiplies whole maps is refused for a text that is too long for it, before anything is held', async (t) => {
  const n = 30_000;
  const { long, folder } = await longModel(t, n);
  const asked = { modelDir: folder, text: 'a b '.repeat(n), size: 32 };
  const facts = { tokens: n, bytes: n ** 2 * 4, most: 16_384 };
  await assert.rejects(mapWith(long, mapRequest({ ...asked, view: { kind: 'rollout' } }), Run.detached()), {
    code: 'map-too-large',
    facts,
  });
});

describe('memory of a text', () => {
  const idsOf = (of: string) => model.tokenizer.encode(of).map(({ id }) => id);
  const request = (view: MapView, of = text) => mapRequest({ modelDir, text: of, view });

  test('a text is read once for all its maps, and only what is new after an edit', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    const run = () => Run.detached<Progress>();
    await mapWith(fresh, request({ kind: 'head', layer: 0, head: 0 }), run());
    assert.equal(rows(), idsOf(text).length);
    const finite = t.mock.method(fresh.soundness, 'finite');
    for (const view of views) await mapWith(fresh, request(view), run());
    assert.equal(finite.mock.callCount(), 0, 'what is known to be numbers is not looked at again');
    await mapWith(fresh, { ...request({ kind: 'mean' }), gradient: next }, run());
    await thumbnails(fresh, { modelDir, text, bos: false, size: 4 }, run());
    await importance(fresh, importanceRequest({ modelDir, text }), Run.detached());
    assert.equal(rows(), 0);
    const longer = `${text} is`;
    const view = { kind: 'head', layer: 2, head: 1 } as const;
    const edited = await mapWith(fresh, request(view, longer), run());
    assert.equal(rows(), idsOf(longer).length - idsOf(text).length);
    assertNear(edited.weights, (await map({ view, text: longer })).weights, { relative: 1e-5 }, 'longer');
    const other = `${text.slice(0, 9)}!?`;
    const changed = await mapWith(fresh, request(view, other), run());
    const shared = idsOf(other).findIndex((id, index) => id !== idsOf(longer)[index]);
    assert.equal(rows(), idsOf(other).length - shared);
    assertNear(changed.weights, (await map({ view, text: other })).weights, { relative: 1e-5 }, 'changed');
  });

  test('other requests on the text share what was read, and do not change each other’s results', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    const scored = await score(fresh, scoreRequest({ modelDir, text }), Run.detached());
    rows();
    await mapWith(fresh, request({ kind: 'mean' }), Run.detached());
    rows();
    await explain(fresh, explainRequest({ modelDir, text, steps: 2 }), Run.detached());
    assert.equal(rows(), 1, 'the last token is read for its residual');
    const again = await score(fresh, scoreRequest({ modelDir, text }), Run.detached());
    assert.deepEqual(again.tokens, scored.tokens);
  });

  test('a cancelled reading continues where it stopped', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    t.mock.getter(fresh.programs.pace.decode, 'rows', () => 2);
    const controller = new AbortController();
    const run = new Run<Progress>(controller.signal, ({ done }) => {
      if (done >= 4) controller.abort();
    });
    await assert.rejects(mapWith(fresh, request({ kind: 'mean' }), run), { code: 'cancelled' });
    assert.equal(rows(), 4);
    const { weights } = await mapWith(fresh, request({ kind: 'mean' }), Run.detached());
    assert.equal(rows(), idsOf(text).length - 4);
    assertNear(weights, (await map()).weights, { relative: 1e-5 }, 'mean');
  });

  test('a cancelled reading removes nothing that others have read', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    t.mock.getter(fresh.programs.pace.decode, 'rows', () => 2);
    const controller = new AbortController();
    const stopped = { fallBack() {}, isOvertaken: () => true, change: () => new Promise<void>(() => {}) };
    const asked = (of: string) =>
      mapWith(fresh, request({ kind: 'mean' }, of), new Run<Progress>(controller.signal, () => {}, stopped));
    const same = asked(text);
    await mapWith(fresh, request({ kind: 'mean' }), Run.detached());
    const edited = asked(`${text.slice(0, 9)}!?`);
    controller.abort();
    for (const cancelled of [same, edited]) await assert.rejects(cancelled, { code: 'cancelled' });
    rows();
    await mapWith(fresh, request({ kind: 'mean' }), Run.detached());
    assert.equal(rows(), 0);
  });

  test('it can be cancelled at every slice', async () => {
    for (const [changes, slices] of [
      [{ view: { kind: 'mean' } }, layers],
      [{ view: { kind: 'rollout' } }, layers],
      [{ view: { kind: 'mean' }, gradient: next }, layers],
    ] as [Partial<AttentionMapParams>, number][]) {
      for (let most = 1; most <= slices; most++) {
        const controller = new AbortController();
        let seen = 0;
        const run = new Run<Progress>(controller.signal, ({ stage }) => {
          if (stage === 'explaining' && ++seen === most) controller.abort();
        });
        await assert.rejects(map(changes, run), { code: 'cancelled' });
        assert.equal(seen, most);
      }
    }
  });
});

/** What was read is not read again, and nobody can tell: prefixes, interleaved requests, cancellation, memory. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { emptyMemory } from '../../../../../src/inference/gpt2/memory/memory.ts';
import { Readings } from '../../../../../src/inference/gpt2/memory/readings.ts';
import type { Gpt2 } from '../../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../../src/inference/run.ts';
import { attend } from '../../../../../src/inference/verbs/attend.ts';
import { explain } from '../../../../../src/inference/verbs/explain.ts';
import { generate } from '../../../../../src/inference/verbs/generate.ts';
import { score } from '../../../../../src/inference/verbs/score.ts';
import type { Progress } from '../../../../../src/protocol/engine.ts';
import { writeCheckpoint } from '../../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../../fixtures/countingModel.ts';
import {
  attendRequest,
  explainRequest,
  generateRequest,
  scoreRequest,
} from '../../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../../fixtures/temporary.ts';
import { assertNear } from '../../../../reference/near.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 48, vocabularySize: 300, seed: 11 },
});
const text = 'The quick brown fox jumps';
const run = () => Run.detached<unknown>();

let model: Gpt2;
/** The same, but it forgets everything. */
let forgetful: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
  const another = await openModel(modelDir, 'interactive');
  forgetful = { ...another, memory: emptyMemory(another, { readings: 0, meanPatterns: 0 }) };
});
after(() => Promise.all([model.dispose(), forgetful.dispose()]));

const idsOf = (of: string) => model.tokenizer.encode(of).map(({ id }) => id);

describe('requests on one text', () => {
  test('an edit at the end reads only the new tokens, an edit at the front all tokens', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    const read = async (edited: string) => {
      await explain(fresh, explainRequest({ modelDir, text: edited }), run());
      return rows();
    };
    const length = idsOf(text).length;
    assert.equal(await read(text), length);
    // The stream after the last token is needed, so that is read again.
    assert.equal(await read(text), 1);
    const longer = `${text} over`;
    assert.equal(await read(longer), idsOf(longer).length - length);
    const shorter = text.slice(0, -2);
    const shared = idsOf(shorter).findIndex((id, index) => id !== idsOf(longer)[index]);
    assert.equal(await read(shorter), shared < 0 ? 1 : idsOf(shorter).length - shared);
    const inFront = `#${text}`;
    assert.equal(await read(inFront), idsOf(inFront).length);
  });

  test('every verb continues from what another has read', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    await score(fresh, scoreRequest({ modelDir, text }), run());
    assert.equal(rows(), idsOf(text).length);
    await explain(fresh, explainRequest({ modelDir, text }), run());
    assert.equal(rows(), 1);
    await attend(fresh, attendRequest({ modelDir, text }), run());
    assert.equal(rows(), 1);
    await generate(fresh, generateRequest({ modelDir, text }), run());
    assert.equal(rows(), 1);
    const { start, end } = fresh.tokenizer.encode(text).at(-2) ?? { start: 0, end: 0 };
    await score(fresh, scoreRequest({ modelDir, text, range: { start, end } }), run());
    assert.equal(rows(), 1, 'the token before the only one that is scored');
  });

  test('a cursor that goes back and forth forgets nothing', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    await attend(fresh, attendRequest({ modelDir, text }), run());
    rows();
    for (const offset of [2, 11, 0, text.length, 7]) {
      await attend(fresh, attendRequest({ modelDir, text, offset }), run());
      assert.equal(rows(), 1, `at ${offset}`);
    }
  });

  test('what was read before a cancellation is kept', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    t.mock.getter(fresh.programs.pace.decode, 'rows', () => 3);
    const controller = new AbortController();
    const cancelled = new Run<Progress<unknown>>(controller.signal, ({ done }) => {
      if (done >= 6) controller.abort();
    });
    await assert.rejects(explain(fresh, explainRequest({ modelDir, text }), cancelled), {
      code: 'cancelled',
    });
    assert.equal(rows(), 6);
    await explain(fresh, explainRequest({ modelDir, text }), run());
    assert.equal(rows(), idsOf(text).length - 6);
  });

  test('progress also counts tokens that need not be read', async (t) => {
    const { fresh } = await countingModel(t, modelDir);
    await explain(fresh, explainRequest({ modelDir, text }), run());
    const seen: Progress[] = [];
    const watched = new Run<Progress<unknown>>(
      new AbortController().signal,
      ({ stage, done, total }) => stage === 'reading' && seen.push({ stage, done, total }),
    );
    await explain(fresh, explainRequest({ modelDir, text }), watched);
    const all = idsOf(text).length;
    assert.deepEqual(seen, [{ stage: 'reading', done: all, total: all }]);
  });
});

const texts = fc
  .tuple(
    fc.constantFrom('The quick brown', 'The qu', 'A lazy dog and'),
    fc.constantFrom('', ' fox', ' 🙂', 'x'),
  )
  .map((parts) => parts.join(''));
const verbs = { explain, score, generate, attend } as const;

/** What a verb answers, in numbers. */
async function answer(of: Gpt2, verb: keyof typeof verbs, asked: string, bos: boolean): Promise<number[]> {
  const common = { modelDir, text: asked, bos };
  if (verb === 'explain') {
    const request = explainRequest({
      ...common,
      method: 'gradient-norm',
      foil: { kind: 'text', text: 'is it' },
    });
    const { value, tokens } = await explain(of, request, run());
    return [value, ...tokens.map((token) => token.score)];
  }
  if (verb === 'score') {
    const { tokens, next } = await score(of, scoreRequest(common), run());
    return [...tokens.map(({ logProb }) => logProb ?? 0), ...next.map(({ probability }) => probability)];
  }
  if (verb === 'attend') {
    const { rows, weights } = await attend(
      of,
      attendRequest({ ...common, view: { kind: 'rollout' } }),
      run(),
    );
    return [...rows, ...weights];
  }
  const { sequences } = await generate(of, generateRequest({ ...common, sequences: 2 }), run());
  return sequences.flatMap(({ tokens }) => tokens.flatMap(({ id, logProb }) => [id, logProb]));
}

describe('answers', () => {
  const request = fc.tuple(
    fc.constantFrom(...(Object.keys(verbs) as (keyof typeof verbs)[])),
    texts,
    fc.boolean(),
  );

  test('equal those of a model that has read nothing before, one after the other', async () => {
    const property = fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 6 }), async (requests) => {
      for (const [verb, asked, bos] of requests) {
        const expected = await answer(forgetful, verb, asked, bos);
        const what = `${verb} ${asked}`;
        assertNear(await answer(model, verb, asked, bos), expected, { relative: 1e-5, floor: 1e-5 }, what);
      }
    });
    await fc.assert(property, { numRuns: 25 });
  });

  test('equal those answers when requests interleave', async (t) => {
    t.mock.getter(model.programs.pace.decode, 'rows', () => 2);
    const all = Object.keys(verbs) as (keyof typeof verbs)[];
    for (const asked of [text, `${text} over`, text]) {
      const together = await Promise.all(all.map((verb) => answer(model, verb, asked, false)));
      for (const [index, verb] of all.entries()) {
        const expected = await answer(forgetful, verb, asked, false);
        assertNear(together[index] ?? [], expected, { relative: 1e-5, floor: 1e-5 }, verb);
      }
    }
  });
});

describe('the pool', () => {
  const read = (readings: Readings, ids: readonly number[], needed = ids.length - 1) =>
    readings.use(ids, needed, async (sequence) => {
      const known = sequence.length;
      await sequence.read(ids.slice(known), run());
      return { sequence, known };
    });
  const ids = [...Array(20).keys()];

  test('lends a sequence to one request at a time', async () => {
    const readings = new Readings(model);
    await read(readings, ids);
    await readings.use(ids, ids.length, async (outer) => {
      const inner = await read(readings, ids);
      assert.notEqual(inner.sequence, outer);
      assert.deepEqual([inner.known, outer.length], [0, ids.length]);
    });
    // Of two that know the same, one is enough.
    const { sequence } = await read(readings, ids);
    assert.equal(readings.bytes, sequence.bytes);
    const longer = await readings.use(ids.slice(0, 2), 0, async (outer) => {
      await read(readings, [...ids, 20]);
      return outer;
    });
    assert.deepEqual([longer.length, longer.bytes], [0, 0], 'what another one knows is given back at once');
  });

  test('does not take a sequence from its text if almost nothing of it is shared', async () => {
    const readings = new Readings(model);
    await read(readings, ids);
    assert.equal((await read(readings, [0, 7, 7])).known, 0);
    assert.equal((await read(readings, ids)).known, ids.length - 1);
    assert.equal((await read(readings, [...ids.slice(0, 10), 99])).known, 10);
  });

  test('counts all that a sequence knows, not only what was asked last', async () => {
    const readings = new Readings(model);
    await read(readings, ids);
    assert.equal((await read(readings, ids.slice(0, 3))).known, 2);
    assert.equal((await read(readings, [0, 1, 9])).known, 0);
    assert.equal((await read(readings, ids)).known, ids.length - 1);
  });

  test('keeps the most recently used within its limit, and of one that is too long the beginning', async () => {
    const { bytesPerStep } = new Sequence(model).cache;
    const readings = new Readings(model, 60 * bytesPerStep);
    const other = ids.map((id) => id + 100);
    const third = ids.map((id) => id + 200);
    await read(readings, ids);
    await read(readings, other);
    await read(readings, ids);
    await read(readings, third);
    assert.ok(readings.bytes <= 60 * bytesPerStep, `${readings.bytes}`);
    assert.equal((await read(readings, ids)).known, ids.length - 1);
    assert.equal((await read(readings, other)).known, 0);

    const small = new Readings(model, 12.5 * bytesPerStep);
    await read(small, ids);
    assert.equal(small.bytes, 12 * bytesPerStep);
    assert.equal((await read(small, ids)).known, 12);
  });

  test('keeps nothing of what failed before anything was read', async () => {
    const readings = new Readings(model);
    await assert.rejects(
      readings.use(ids, 0, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(readings.bytes, 0);
  });
});

describe('a sequence', () => {
  test('holds the keys and values of its tokens, whatever was read, truncated and recalled', async () => {
    const someIds = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 });
    const step = fc.oneof(
      someIds.map((ids) => ({ do: 'read' as const, ids })),
      fc.nat(12).map((length) => ({ do: 'truncate' as const, length })),
      fc.constant({ do: 'recall' as const }),
      fc.tuple(someIds, fc.nat(6)).map(([ids, most]) => ({ do: 'resume' as const, ids, most })),
      fc.nat(12).map((length) => ({ do: 'trim' as const, length })),
    );
    const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const sequence = new Sequence(model);
      for (const change of steps) {
        if (change.do === 'read') await sequence.read(change.ids, run());
        else if (change.do === 'truncate') sequence.truncate(change.length);
        else if (change.do === 'recall') sequence.recall();
        else if (change.do === 'resume') sequence.resume(change.ids, change.most);
        else sequence.trim(change.length);
      }
      const { ids, length } = sequence;
      assert.equal(ids.length, length);
      if (length === 0) return;
      const again = new Sequence(model);
      await again.read(ids, run());
      for (let layer = 0; layer < sequence.cache.layers; layer++) {
        const [seen, expected] = [sequence.cache.view(layer, length), again.cache.view(layer, length)];
        assertNear(seen.keys, expected.keys, { relative: 1e-5 }, `keys ${layer}`);
        assertNear(seen.values, expected.values, { relative: 1e-5 }, `values ${layer}`);
      }
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

/** Texts that are longer than the context, and what is read and told of them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { emptyMemory } from '../../../../src/inference/gpt2/memory/memory.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { score as scoreWith } from '../../../../src/inference/verbs/score.ts';
import { lastWindow, stridedWindows } from '../../../../src/inference/verbs/windows.ts';
import type { Progress, ScoreParams } from '../../../../src/protocol/engine.ts';
import type { TokenScore } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

describe('windows', () => {
  const sizes = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    length: fc.integer({ min: 1, max: 20 }),
    stride: fc.integer({ min: 1, max: 30 }),
  });

  test('score every token of a range once, in the first window of the whole text that has it', () => {
    const ranges = sizes.chain(({ count, length, stride }) =>
      fc
        .tuple(fc.nat(count), fc.nat(count))
        .map(([a, b]) => ({ count, length, stride, first: Math.min(a, b), end: Math.max(a, b) })),
    );
    fc.assert(
      fc.property(ranges, ({ length, stride, first, end }) => {
        const step = Math.max(1, Math.min(stride, length - 1));
        const windows = stridedWindows({ first, end }, length, stride);
        const scored = windows.flatMap(({ begin, first: from, end: to }) => {
          assert.equal(begin % step, 0);
          assert.ok(begin <= from && from <= to && to <= begin + length);
          return Array.from({ length: to - from }, (_, index) => ({ token: from + index, begin }));
        });
        assert.deepEqual(
          scored.map(({ token }) => token),
          Array.from({ length: end - first }, (_, index) => first + index),
        );
        for (const { token, begin } of scored) {
          assert.ok(token < begin + length);
          assert.ok(begin === 0 || token >= begin - step + length, `${token} is in an earlier window`);
        }
        // An empty range is there for what comes after it.
        if (first === end) assert.deepEqual([windows.length, windows[0]?.end], [1, end]);
        else for (const { first: from, end: to } of windows) assert.ok(from < to, 'a window for nothing');
      }),
    );
  });

  test('the last one is as long as can be', () => {
    assert.deepEqual(lastWindow({ first: 0, end: 30 }, 20), { begin: 10, end: 30, first: 10 });
    assert.deepEqual(lastWindow({ first: 12, end: 30 }, 20), { begin: 10, end: 30, first: 12 });
    assert.deepEqual(lastWindow({ first: 5, end: 12 }, 20), { begin: 0, end: 12, first: 5 });
  });
});

const contextLength = 16;
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 3 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const text = 'abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJK';
const score = (changes: Partial<ScoreParams> = {}, run: Run<Progress<TokenScore[]>> = Run.detached()) =>
  scoreWith(model, scoreRequest({ modelDir, text, ...changes }), run);

/** What a short text gives for its last token. */
async function alone(before: string, bos: boolean): Promise<TokenScore | undefined> {
  return (await score({ text: before, bos })).tokens.at(-1);
}

describe('score', () => {
  for (const bos of [false, true]) {
    test(`every token of a long text by what stands before it in its window${bos ? ', BOS too' : ''}`, async () => {
      const length = contextLength - (bos ? 1 : 0);
      for (const stride of [4, 'auto', length - 1, 1000] as const) {
        const { tokens, receipt, next, stride: used } = await score({ bos, stride });
        assert.equal(receipt.droppedTokens, 0);
        assert.equal(tokens.map((token) => text.slice(token.start, token.end)).join(''), text);
        const step = stride === 'auto' ? Math.floor(length / 2) : Math.min(stride, length - 1);
        assert.equal(used, step);
        for (const [index, token] of tokens.entries()) {
          const begin = step * Math.max(0, Math.ceil((index + 1 - length) / step));
          assert.equal(token.context, index - begin);
        }
        for (const index of [0, 3, length - 1, length, length + step, tokens.length - 1]) {
          const token = tokens[index];
          if (!token) continue;
          const first = tokens[index - token.context]?.start ?? 0;
          const expected = await alone(text.slice(first, token.end), bos);
          const numbers = (of: TokenScore | undefined) => [of?.logProb ?? 0, of?.entropy ?? 0, of?.rank ?? 0];
          assertNear(
            numbers(token),
            numbers(expected),
            { relative: 1e-5 },
            `stride ${stride} token ${index}`,
          );
        }
        const last = tokens.at(-1) as TokenScore;
        const window = text.slice(tokens[tokens.length - 1 - last.context]?.start);
        const expected = await score({ text: window, bos });
        assertNear(
          next.map(({ probability }) => probability),
          expected.next.map(({ probability }) => probability),
          { relative: 1e-5 },
          'next',
        );
      }
    });
  }

  test('without a stride only the last window', async () => {
    const { tokens, receipt } = await score();
    const all = model.tokenizer.encode(text).length;
    assert.deepEqual([tokens.length, receipt.droppedTokens], [contextLength, all - contextLength]);
    assert.deepEqual(tokens[0]?.logProb, null);
    assert.deepEqual(
      tokens.map(({ context }) => context),
      [...Array(contextLength).keys()],
    );
    const early = await score({ range: { start: 2, end: 5 } });
    assert.deepEqual([early.tokens[0]?.start, early.tokens.at(-1)?.end], [2, 5]);
    assert.equal(early.receipt.droppedTokens, 0);
  });

  test('reports each token once, in order, while it works', async (t) => {
    t.mock.getter(model.programs.pace.head, 'rows', () => 3);
    for (const changes of [{ stride: 7 }, { stride: 7, bos: true }, { text: 'short', stride: null }]) {
      const told: TokenScore[][] = [];
      const progress: number[] = [];
      const run = new Run<Progress<TokenScore[]>>(
        new AbortController().signal,
        ({ partial, done, total }) => {
          if (partial) told.push(partial);
          progress.push(done);
          assert.ok(total !== null && done <= total);
        },
      );
      const { tokens } = await score(changes, run);
      assert.deepEqual(told.flat(), tokens);
      assert.ok(told.length > 1 && told.every((partial) => partial.length > 0));
      assert.deepEqual(
        progress,
        progress.toSorted((a, b) => a - b),
      );
    }
  });

  test('reads only what is needed for the range, and gives the next tokens only if that is the text’s end', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    const tokens = model.tokenizer.encode(text);
    const rangeOf = (first: number, end: number) => ({
      start: tokens[first]?.start ?? Number.NaN,
      end: tokens[end - 1]?.end ?? Number.NaN,
    });
    const readRows = async (range: ScoreParams['range']) => {
      const forgetful = { ...fresh, memory: emptyMemory(fresh) };
      const request = scoreRequest({ modelDir, text, range, stride: 6, bos: true });
      const result = await scoreWith(forgetful, request, Run.detached());
      return { ...result, rows: rows() };
    };
    // With BOS and its 15 tokens, the windows begin at 0, 6, 12, 18 …: the last token is not needed as an input.
    const second = await readRows(rangeOf(16, 20));
    assert.deepEqual([second.tokens.length, second.next], [4, []]);
    assert.equal(second.rows, 1 + (19 - 6));
    const two = await readRows(rangeOf(20, 22));
    // BOS stands in front of both.
    assert.equal(two.rows, 1 + (20 - 6) + (21 - 12));
    const nothing = await readRows({ start: 5, end: 5 });
    assert.deepEqual([nothing.tokens, nothing.next, nothing.rows], [[], [], 0]);
    const atEnd = await readRows({ start: text.length, end: text.length });
    const whole = await readRows(null);
    assert.equal(atEnd.tokens.length, 0);
    assert.ok(atEnd.rows > 0 && atEnd.rows <= contextLength);
    assertNear(
      atEnd.next.map(({ probability }) => probability),
      whole.next.map(({ probability }) => probability),
      { relative: 1e-5 },
      'next',
    );
  });

  test('a context of one token has room for BOS alone', async (t) => {
    const dir = writeCheckpoint(temporaryFolder(t), { contextLength: 1, vocabularySize: 300 });
    const tiny = await openModel(dir, 'interactive');
    t.after(() => tiny.dispose());
    for (const stride of [null, 1]) {
      const request = scoreRequest({ modelDir: dir, text: 'ab', stride, bos: true });
      const { tokens, next } = await scoreWith(tiny, request, Run.detached());
      assert.deepEqual([tokens, next.length], [[], 10]);
    }
    const { tokens } = await scoreWith(
      tiny,
      scoreRequest({ modelDir: dir, text: 'ab', stride: 1 }),
      Run.detached(),
    );
    assert.deepEqual(
      tokens.map(({ logProb, context }) => [logProb, context]),
      [
        [null, 0],
        [null, 0],
      ],
    );
  });
});

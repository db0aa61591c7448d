/** The verbs on a small random checkpoint: positions, contexts, choices, refusals, slices and cancellation. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { openModel } from '../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../src/inference/run.ts';
import { openEngine } from '../../../src/inference/serve/engine.ts';
import type { GeneratedPiece, GenerateParams, Progress } from '../../../src/protocol/engine.ts';
import type { Explanation, PartialExplanation, TokenScore } from '../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../fixtures/checkpoint.ts';
import {
  type ExplainChanges,
  explainRequest,
  generateRequest,
  scoreRequest,
} from '../../fixtures/requests.ts';
import { temporaryFolder } from '../../fixtures/temporary.ts';
import { assertNear } from '../../reference/near.ts';

const contextLength = 24;
const text = 'The quick brown fox';
const engine = openEngine();
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  layers: 2,
  heads: 2,
  width: 16,
  contextLength,
  vocabularySize: 300,
  seed: 5,
});
after(() => engine.dispose());

const explain = (changes: ExplainChanges = {}, run: Run<Progress<PartialExplanation>> = Run.detached()) =>
  engine.explain(explainRequest({ modelDir, text, ...changes }), run);
const wish = (changes: Partial<GenerateParams> = {}): GenerateParams =>
  generateRequest({ modelDir, text, temperature: 1, ...changes });

describe('explain', () => {
  test('the target is the most probable next token, the foil its strongest competitor', async () => {
    const { target, foil, next, value, tokens } = await explain();
    assert.equal(target.id, next[0]?.id);
    assert.equal(foil?.id, next[1]?.id);
    assert.equal(target.position, tokens.length);
    const [first, second] = next as [Explanation['next'][0], Explanation['next'][0]];
    assert.ok(
      Math.abs(value - (first.logit - second.logit)) < 1e-4,
      'f(x) is the difference of their logits',
    );
  });

  test('tokens tile the range, and the text when it is the range', async () => {
    const { tokens } = await explain();
    assert.equal(tokens.map((token) => text.slice(token.start, token.end)).join(''), text);
  });

  test('a token that overlaps the selection is explained whole; a context alone is held constant', async () => {
    const part = await explain({ range: { start: 11, end: text.length } });
    assert.ok((part.tokens[0]?.start ?? 0) <= 11 && (part.tokens[0]?.end ?? 0) > 11);
    assert.equal(part.tokens.at(-1)?.end, text.length);
    const whole = await explain();
    // Read as keys and values or computed along: the same sum in another order.
    assert.ok(Math.abs(part.value - whole.value) <= 1e-5 * Math.abs(whole.value));
    assert.notEqual(part.baselineValue, whole.baselineValue);
  });

  test('bytes of one character split over tokens are explained together', async () => {
    const emoji = 'a 🙂';
    const { tokens } = await explain({ text: emoji, range: { start: 2, end: 4 } });
    assert.equal(tokens[0]?.end, 4);
    assert.ok(tokens.length > 1 && tokens.slice(1).every(({ start, end }) => start === 4 && end === 4));
  });

  test('a position inside the text: nothing from there on has a score', async () => {
    const whole = await explain();
    const at = 4;
    const { tokens, target } = await explain({ at: { kind: 'token', index: at } });
    assert.equal(target.position, at);
    assert.equal(tokens.length, whole.tokens.length);
    assert.ok(tokens.slice(0, at).some(({ score }) => score !== 0));
    assert.ok(tokens.slice(at).every(({ score }) => score === 0));
  });

  test('of a text longer than the context the end is explained, and the number of dropped tokens is reported', async () => {
    const long = 'word '.repeat(60);
    for (const bos of [false, true]) {
      const { receipt, tokens, target } = await explain({
        text: long,
        range: { start: 0, end: long.length },
        bos,
      });
      assert.ok(receipt.droppedTokens > 0);
      assert.equal(tokens.length, contextLength - (bos ? 1 : 0));
      assert.equal(tokens.at(-1)?.end, long.length);
      assert.equal(target.position, receipt.droppedTokens + tokens.length);
    }
    const exact = await explain({ text: 'x'.repeat(contextLength), range: { start: 0, end: contextLength } });
    assert.equal(exact.receipt.droppedTokens + exact.tokens.length, contextLength);
  });

  test('the receipt repeats the result', async () => {
    const first = await explain({ objective: 'log-prob', method: 'occlusion', baseline: 'mean' });
    const { method, objective, baseline, range, target, at, bos } = first.receipt;
    const again = await explain({
      method,
      objective,
      baseline,
      range,
      at: { kind: 'token', index: at },
      bos,
      target: { kind: 'id', id: target },
    });
    const scores = (tokens: Explanation['tokens']) => tokens.map(({ score }) => score);
    assert.deepEqual(
      again.tokens.map(({ id, start, end }) => ({ id, start, end })),
      first.tokens.map(({ id, start, end }) => ({ id, start, end })),
    );
    // The second one goes on from what the first one read.
    assertNear(scores(again.tokens), scores(first.tokens), { relative: 1e-5 }, 'scores');
    assert.match(first.receipt.model.sha256, /^[0-9a-f]{64}$/);
  });

  test('only a contrast has a foil, and δ is null unless the method claims completeness', async () => {
    assert.equal((await explain({ objective: 'logit' })).foil, null);
    assert.equal((await explain({ method: 'occlusion' })).delta, null);
    assert.equal(typeof (await explain()).delta, 'number');
  });

  const refusals: [string, ExplainChanges, string][] = [
    ['no text', { text: '', range: { start: 0, end: 0 } }, 'text-empty'],
    ['an empty range', { range: { start: 3, end: 3 } }, 'text-empty'],
    ['a first token without BOS', { at: { kind: 'token', index: 0 } }, 'first-token'],
    [
      'a first token with nothing but BOS in front',
      { bos: true, at: { kind: 'token', index: 0 } },
      'first-token',
    ],
    ['a position before the text', { at: { kind: 'token', index: -1 } }, 'position-invalid'],
    ['a position behind the end', { at: { kind: 'token', index: 99 } }, 'position-invalid'],
    [
      'a position in front of the range',
      { at: { kind: 'token', index: 1 }, range: { start: 11, end: 15 } },
      'position-before-range',
    ],
    ['an id that does not exist', { target: { kind: 'id', id: 300 } }, 'token-unknown'],
    ['a target of several tokens', { target: { kind: 'text', text: 'zq!' } }, 'token-not-single'],
    ['a target of no token', { target: { kind: 'text', text: '' } }, 'token-not-single'],
    [
      'the target as its own foil',
      { target: { kind: 'id', id: 7 }, foil: { kind: 'id', id: 7 } },
      'foil-is-target',
    ],
    ['a contrast without foil', { foil: { kind: 'none' } }, 'foil-needed'],
    ['a folder that is not there', { modelDir: '/no/such/folder' }, 'model-folder-missing'],
  ];
  for (const [what, changes, code] of refusals) {
    test(`refuses ${what}`, () => assert.rejects(explain(changes), { code }));
  }

  test('partial answers come first, each closer to the final one, which is not refining', async () => {
    const partials: PartialExplanation[] = [];
    const run = new Run<Progress<PartialExplanation>>(new AbortController().signal, ({ partial }) => {
      if (partial) partials.push(partial);
    });
    const result = await explain({ tolerance: 0.0001 }, run);
    assert.ok(partials.length >= 1 && partials.every(({ refining }) => refining));
    assert.equal(result.refining, false);
    const sums = partials.map(({ value, baselineValue, delta }) => [value, baselineValue, delta]);
    assert.deepEqual(sums[0], [null, null, null], 'there is nothing to sum up to yet');
    for (const [value, baselineValue, delta] of sums.slice(1)) {
      assert.deepEqual([value, baselineValue], [result.value, result.baselineValue]);
      assert.equal(typeof delta, 'number');
    }
    const evaluations = [...partials, result].map((answer) => answer.evaluations);
    assert.deepEqual(
      evaluations,
      evaluations.toSorted((a, b) => a - b),
    );
  });

  test('ends within one slice of a cancellation', async () => {
    const controller = new AbortController();
    const reports: unknown[] = [];
    const run = new Run<Progress<PartialExplanation>>(controller.signal, (progress) => {
      reports.push(progress);
      if (progress.stage === 'explaining') controller.abort();
    });
    await assert.rejects(explain({ steps: 500 }, run), { code: 'cancelled' });
    assert.equal(reports.filter((report) => (report as Progress).stage === 'explaining').length, 1);
  });
});

describe('score and attention', () => {
  test('BOS gives the first token a probability, and is itself part of the maps', async () => {
    const scores = await engine.score(scoreRequest({ modelDir, text, bos: true }), Run.detached());
    assert.equal(typeof scores.tokens[0]?.logProb, 'number');
    const maps = await engine.attention(
      { modelDir, text, bos: true, layers: [1], heads: null },
      Run.detached(),
    );
    assert.equal(maps.tokens.length, scores.tokens.length + 1);
    assert.deepEqual([maps.attention.length, maps.attention[0]?.length], [1, 2]);
  });

  test('only the tokens of a range are reported, with the same numbers', async () => {
    const score = async (range: { start: number; end: number } | null) =>
      (await engine.score(scoreRequest({ modelDir, text, range }), Run.detached())).tokens;
    const expected = (await score(null)).filter(({ start, end }) => end > 4 && start < 9);
    const part = await score({ start: 4, end: 9 });
    const facts = ({ id, start, end, rank, context }: TokenScore) => ({ id, start, end, rank, context });
    assert.deepEqual(part.map(facts), expected.map(facts));
    const numbers = ({ logProb, entropy }: TokenScore) => [logProb as number, entropy as number];
    // Read in other slices: the same sums in another order.
    assertNear(part.flatMap(numbers), expected.flatMap(numbers), { relative: 1e-5 }, 'scores');
  });

  test('reading in slices of one token gives what reading at once gives', async () => {
    const model = await openModel(modelDir, 'interactive');
    const ids = Array.from({ length: 20 }, (_, index) => (index * 37) % 300);
    const atOnce = await new Sequence(model).read(ids, Run.detached());
    const sequence = new Sequence(model);
    const rows: number[] = [];
    for (const id of ids) rows.push(...(await sequence.read([id], Run.detached())));
    const largest = atOnce.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [index, value] of atOnce.entries()) {
      assert.ok(Math.abs(value - (rows[index] as number)) <= 1e-5 * largest, `value ${index}`);
    }
    await model.dispose();
  });
});

describe('generate', () => {
  test('the same seed gives the same text, another seed another text', async () => {
    const texts = async (seed: number) =>
      (await engine.generate(wish({ seed, sequences: 3 }), Run.detached())).sequences.map(
        (sequence) => sequence.text,
      );
    const first = await texts(1);
    assert.deepEqual(await texts(1), first);
    assert.notDeepEqual(await texts(2), first);
    assert.equal(new Set(first).size, 3, 'sequences of one request differ');
  });

  test('streams exactly the text that it returns, whole characters only', async () => {
    const pieces: GeneratedPiece[] = [];
    const run = new Run<Progress<GeneratedPiece>>(new AbortController().signal, ({ partial }) => {
      if (partial) pieces.push(partial);
    });
    const { sequences } = await engine.generate(wish({ maxTokens: 12, temperature: 5 }), run);
    const streamed = pieces.map((piece) => piece.text).join('');
    assert.equal(streamed, sequences[0]?.text);
    assert.deepEqual(
      pieces.map(({ token }) => token),
      sequences[0]?.tokens,
    );
  });

  test('the front of a text that fills the context is dropped', async () => {
    const { receipt, sequences } = await engine.generate(
      wish({ text: 'long '.repeat(50), maxTokens: 6 }),
      Run.detached(),
    );
    assert.ok(receipt.droppedTokens > 0);
    assert.ok((sequences[0]?.tokens.length ?? 0) > 0);
  });

  test('an empty text is refused unless BOS is on', async () => {
    await assert.rejects(engine.generate(wish({ text: '' }), Run.detached()), { code: 'text-empty' });
    assert.ok((await engine.generate(wish({ text: '', bos: true }), Run.detached())).sequences.length === 1);
  });
});

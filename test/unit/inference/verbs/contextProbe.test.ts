/** Context length probing: each window as the model would read it alone, in whatever range, and how it is told. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { contextProbe } from '../../../../src/inference/verbs/contextProbe.ts';
import type { ContextProbeParams, Progress } from '../../../../src/protocol/engine.ts';
import type { ContextProbe, PartialContextProbe } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { contextProbeRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const text = 'a fox in the box';
const contextLength = 24;
const size = { layers: 2, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 9 };
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), size);
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

type ProbeRun = Run<Progress<PartialContextProbe>>;
const probe = (changes: Partial<ContextProbeParams> = {}, run: ProbeRun = Run.detached()) =>
  contextProbe(model, contextProbeRequest({ modelDir, text, ...changes }), run);

/** log p after ids, read by themselves. */
async function logProbsAfter(ids: readonly number[]): Promise<number[]> {
  const stream = await new Sequence(model).read(ids, Run.detached());
  const { logits, logProbability } = await distributionAt(model, stream.subarray(-16), 1, Run.detached());
  return Array.from(logits, (_, id) => logProbability(id));
}

const divergence = (p: readonly number[], q: readonly number[]) =>
  p.reduce((sum, one, id) => sum + Math.exp(one) * (one - q[id]!), 0);

/** What the definitions say, window by window. */
async function compare(answer: ContextProbe, first: number, end: number, bos: boolean): Promise<void> {
  const ids = model.tokenizer.encode(text).map(({ id }) => id);
  const lead = bos ? [model.tokenizer.endOfText] : [];
  const { at } = answer.receipt;
  const { id: target } = answer.target;
  const near = { relative: 1e-4, floor: 2e-5 };
  const longest = await logProbsAfter([...lead, ...ids.slice(first, at)]);
  assert.equal(answer.tokens.length, end - first);
  assertNear([answer.target.probability], [Math.exp(longest[target]!)], near, 'target');
  for (let token = first; token < end; token++) {
    const place = token - first;
    const own = await logProbsAfter([...lead, ...ids.slice(token, at)]);
    const behind = [...lead, ...ids.slice(token + 1, at)];
    assertNear([answer.logProbs[place]!], [own[target]!], near, `log p of ${token}`);
    assertNear([answer.divergences[place]!], [divergence(longest, own)], near, `D of ${token}`);
    if (behind.length === 0) {
      for (const none of [answer.steps, answer.importances, answer.gains])
        assert.ok(Number.isNaN(none[place]));
      continue;
    }
    const without = await logProbsAfter(behind);
    assertNear([answer.steps[place]!], [divergence(own, without)], near, `step of ${token}`);
    const nearer = divergence(longest, without) - divergence(longest, own);
    assertNear([answer.importances[place]!], [nearer], near, `importance of ${token}`);
    assertNear([answer.gains[place]!], [own[target]! - without[target]!], near, `gain of ${token}`);
  }
}

for (const bos of [false, true]) {
  test(`every window by itself${bos ? ', BOS in front of each' : ''}`, async () => {
    const count = model.tokenizer.encode(text).length;
    const answer = await probe({ bos });
    await compare(answer, 0, count, bos);
    const tokens = (count * (count + 1)) / 2 + (bos ? count + 1 : 0);
    assert.equal(answer.read, tokens, 'nothing is read twice');
    // They sum up: all that the context says beyond the shortest window.
    const told = [...answer.importances].filter((one) => !Number.isNaN(one));
    const sum = told.reduce((total, one) => total + one, 0);
    if (!bos) assertNear([sum], [answer.divergences[count - 1]!], { relative: 1e-5, floor: 1e-6 }, 'Σ');
  });
}

test('inside a text, of a part of what comes before, and only the nearest', async () => {
  const at = { kind: 'token', index: 9 } as const;
  await compare(await probe({ at }), 0, 9, false);
  const nearest = await probe({ at, most: 3 });
  await compare(nearest, 6, 9, false);
  assert.equal(nearest.receipt.most, 3);
  const tokens = model.tokenizer.encode(text);
  const range = { start: tokens[2]!.start, end: tokens[4]!.end };
  const part = await probe({ at, range });
  await compare(part, 2, 5, false);
  assert.ok(
    [...part.steps].every((step) => step >= 0),
    'a window begins behind the range',
  );
});

test('the nearest tokens are told first, and a cancellation ends it', async () => {
  const known: number[] = [];
  const controller = new AbortController();
  const run: ProbeRun = new Run(controller.signal, ({ partial }) => {
    if (!partial) return;
    const finite = [...partial.logProbs].flatMap((one, at) => (Number.isNaN(one) ? [] : [at]));
    known.push(finite.length);
    assert.deepEqual(
      finite,
      finite.map((_, index) => partial.tokens.length - finite.length + index),
    );
    if (finite.length === 3) controller.abort();
  });
  await assert.rejects(probe({}, run), { code: 'cancelled' });
  assert.deepEqual(known, [1, 2, 3]);
});

test('what cannot be asked has a name', async () => {
  await assert.rejects(probe({ range: { start: 0, end: 0 } }), { code: 'text-empty' });
  await assert.rejects(probe({ at: { kind: 'token', index: 0 } }), { code: 'first-token' });
  await assert.rejects(probe({ range: { start: 10, end: 16 }, at: { kind: 'token', index: 1 } }), {
    code: 'position-before-range',
  });
});

test('a longer text than the context loses its front', async () => {
  const long = 'the box '.repeat(20);
  const { tokens, receipt } = await probe({ text: long, range: { start: 0, end: long.length } });
  assert.equal(tokens.length, contextLength);
  assert.ok(receipt.droppedTokens > 0);
});

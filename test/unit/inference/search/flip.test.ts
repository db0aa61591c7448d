/** The smallest edit, against every edit tried one by one. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { flip as flipWith } from '../../../../src/inference/verbs/flip.ts';
import type { FlipParams, Progress } from '../../../../src/protocol/engine.ts';
import type { Flipped, PartialFlip, TextEdit } from '../../../../src/protocol/results.ts';
import { flips, say, substitutions } from '../../../fixtures/bruteForce.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { flipRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 32, vocabularySize: 300, seed: 8 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const text = 'a fox in the box';
const flip = (changes: Partial<FlipParams> = {}, run: Run<Progress<PartialFlip>> = Run.detached()) =>
  flipWith(model, flipRequest({ modelDir, text, ...changes }), run);

const applied = (whole: string, edits: readonly TextEdit[]) =>
  edits.toReversed().reduce((so, one) => so.slice(0, one.start) + one.new + so.slice(one.end), whole);

const rankIn = (logits: Float32Array, id: number) => 1 + logits.filter((one) => one > logits[id]!).length;

/** That a reported edit is one of the text, and does what is said of it when the edited text is read by itself. */
async function assertTrue(found: Flipped, whole = text): Promise<void> {
  assert.equal(applied(whole, found.edits), found.text);
  for (const edit of found.edits) assert.equal(whole.slice(edit.start, edit.end), edit.old);
  const { top } = await say(model, found.text);
  assert.equal(found.after.next[0]!.id, top);
  assert.equal(found.before.next[0]!.id, (await say(model, whole)).top);
}

describe('another token', () => {
  test('is found by one edit, which a reading of the edited text confirms', async () => {
    const found = await flip();
    assert.ok(found.found);
    assert.equal(found.edits.length, 1);
    await assertTrue(found);
    assert.notEqual(found.after.next[0]!.id, found.before.next[0]!.id);
    assert.equal(found.before.token.rank, 1);
    assert.ok(found.after.token.rank > 1);
    assert.ok(found.evaluations <= 200);
    assert.ok(found.reachedAfter! >= 2 && found.reachedAfter! <= found.evaluations);
    assert.ok(found.perplexityRatio! > 0);
    const { goal, budget, seed, maxEdits } = found.receipt;
    assert.deepEqual(
      { goal, budget, seed, maxEdits },
      {
        goal: { kind: 'any', token: found.before.next[0]!.id },
        ...{ budget: 200, seed: 0, maxEdits: 3 },
      },
    );
  });

  test('the same request has the same answer', async () => {
    const told = ({ receipt: _, ...rest }: Flipped) => rest;
    assert.deepEqual(told(await flip()).edits, told(await flip()).edits);
  });

  for (const whole of ['a fox', 'in the', 'one or', ' it', '世 x']) {
    test(`brute force agrees: ${JSON.stringify(whole)}`, async () => {
      const { top } = await say(model, whole);
      const answers = new Map<string, boolean | null>();
      for (const { edited } of substitutions(model, whole, top)) {
        if (!answers.has(edited)) answers.set(edited, flips(await say(model, edited), top));
      }
      const all = { kinds: ['substitute'], maxEdits: 1, budget: 5000 } as const;
      const found = await flip({ ...all, kinds: [...all.kinds], text: whole });
      const some = [...answers.values()].some((one) => one === true);
      if (found.found !== some) assert.ok([...answers.values()].includes(null), 'only a tie may differ');
      if (found.found) {
        assert.notEqual(answers.get(found.text), false);
        assert.ok(answers.has(found.text));
        await assertTrue(found, whole);
      }
    });
  }
});

describe('other goals', () => {
  test('a given token comes first', async () => {
    const { before: said } = await flip();
    const second = said.next[1]!;
    const found = await flip({ goal: { kind: 'to', token: { kind: 'id', id: second.id } }, budget: 2000 });
    assert.ok(found.found);
    assert.equal(found.after.next[0]!.id, second.id);
    assert.equal(found.after.token.rank, 1);
    assert.ok(!found.edits.some((edit) => edit.new.trim() === second.text.trim()));
    await assertTrue(found);
  });

  test('the token falls below a rank', async () => {
    const found = await flip({ goal: { kind: 'below', rank: 20, target: { kind: 'top' } }, budget: 2000 });
    assert.ok(found.found);
    assert.ok(found.after.token.rank > 20);
    const { logits } = await say(model, found.text);
    assert.equal(rankIn(logits, found.before.token.id), found.after.token.rank);
  });

  test('a token of the text, in its place', async () => {
    const at = { kind: 'offset', offset: 9 } as const;
    const goal = { kind: 'below', rank: 250, target: { kind: 'actual' } } as const;
    const found = await flip({ at, goal, budget: 2000 });
    assert.ok(
      found.edits.every(({ end }) => end <= 9),
      'only what comes before it is edited',
    );
    assert.ok(found.text.endsWith(text.slice(9)));
    if (found.found) assert.ok(found.after.token.rank > 250);
  });

  test('what is so already is said', async () => {
    const { before: said } = await flip();
    const first = { kind: 'id', id: said.next[0]!.id } as const;
    await assert.rejects(flip({ goal: { kind: 'to', token: first } }), { code: 'goal-reached' });
    const last = { kind: 'id', id: said.next[9]!.id } as const;
    await assert.rejects(flip({ goal: { kind: 'below', rank: 3, target: last } }), { code: 'goal-reached' });
  });
});

describe('of several edits', () => {
  for (const [rank, kinds, least] of [
    [285, ['key', 'swap'], 3],
    [250, ['case'], 2],
  ] as const) {
    test(`each is needed: ${kinds.join()} below ${rank}`, async () => {
      const goal = { kind: 'below', rank, target: { kind: 'top' } } as const;
      const found = await flip({ goal, kinds: [...kinds], budget: 3000, maxEdits: 6 });
      assert.ok(found.found);
      assert.ok(found.edits.length >= least, `${found.edits.length} edits`);
      await assertTrue(found);
      const { token } = found.before;
      for (const undone of found.edits) {
        const rest = found.edits.filter((edit) => edit !== undone);
        const { logits } = await say(model, applied(text, rest));
        assert.ok(rankIn(logits, token.id) <= rank, `without ${JSON.stringify(undone)}`);
      }
      for (const [index, edit] of found.edits.entries())
        assert.ok(edit.start > (found.edits[index - 1]?.end ?? -1), 'in order, apart');
    });
  }

  test('not found within the budget: what came closest is told as not found', async () => {
    const impossible = { kind: 'below', rank: 299, target: { kind: 'top' } } as const;
    for (const budget of [1, 2, 5, 40]) {
      const found = await flip({ goal: impossible, kinds: ['case'], budget });
      assert.equal(found.found, false);
      assert.equal(found.reachedAfter, null);
      assert.ok(found.evaluations <= budget, `${found.evaluations} of ${budget}`);
      await assertTrue(found);
    }
  });
});

describe('constraints', () => {
  test('ranges that are kept stay as they are, and so does what is outside of the range', async () => {
    const keep = [{ start: 2, end: 5 }];
    for (const budget of [30, 300]) {
      const found = await flip({ keep, range: { start: 0, end: 12 }, budget });
      assert.ok(found.edits.length > 0);
      for (const { start, end } of found.edits) {
        assert.ok(end <= 12);
        assert.ok(end <= 2 || start >= 5 || (start === end && (start === 2 || start === 5)));
      }
    }
  });

  test('words only', async () => {
    const found = await flip({
      wordsOnly: true,
      budget: 600,
      goal: { kind: 'below', rank: 40, target: { kind: 'top' } },
    });
    assert.ok(found.edits.length > 0);
    for (const edit of found.edits) {
      assert.match(edit.old, /^ ?\p{L}*$/u);
      assert.match(edit.new, /^ ?\p{L}*$/u);
      const isBorder = (at: number) => !/\p{L}\p{L}/u.test(text.slice(Math.max(0, at - 1), at + 1));
      assert.ok(isBorder(edit.start) && isBorder(edit.end), 'at the borders of words');
    }
    assert.match(found.text, /^[\p{L} ]*$/u);
  });

  test('leading space and case', async () => {
    const found = await flip({
      text: 'The Fox in THE box',
      sameForm: true,
      kinds: ['substitute'],
      budget: 400,
    });
    for (const edit of found.edits) {
      const isUpper = (one: string) => one === one.toUpperCase();
      assert.equal(/^\s/.test(edit.new), /^\s/.test(edit.old));
      if (/\p{L}/u.test(edit.old)) assert.equal(isUpper(edit.new[0]!), isUpper(edit.old[0]!));
    }
  });

  test('so many characters', async () => {
    const found = await flip({ maxDistance: 1, kinds: ['substitute', 'delete', 'key'], budget: 400 });
    assert.ok(found.edits.length > 0);
    assert.ok(found.distance <= 1);
  });

  test('perplexity', async () => {
    const free = await flip();
    const bound = await flip({ perplexityRatio: free.perplexityRatio! * 0.8, budget: 200 });
    if (bound.found) assert.ok(bound.perplexityRatio! <= free.perplexityRatio! * 0.8);
    else assert.notEqual(bound.text, free.text);
  });

  test('perplexity is that of the texts read by themselves', async () => {
    const found = await flip();
    const perplexity = async (whole: string) => {
      const tokens = model.tokenizer.encode(whole);
      let sum = 0;
      for (const { id, start } of tokens.slice(1)) {
        const { logits } = await say(model, whole.slice(0, start));
        const most = Math.max(...logits);
        const total = most + Math.log(logits.reduce((all, one) => all + Math.exp(one - most), 0));
        sum += total - logits[id]!;
      }
      return Math.exp(sum / (tokens.length - 1));
    };
    const ratio = (await perplexity(found.text)) / (await perplexity(text));
    assert.ok(Math.abs(found.perplexityRatio! / ratio - 1) < 1e-3, `${found.perplexityRatio} and ${ratio}`);
  });
});

test('a text that does not fit is edited as it is read', async () => {
  const whole = 'the fox and the box and '.repeat(12).trim();
  const found = await flip({
    text: whole,
    range: { start: whole.length - 20, end: whole.length },
    budget: 400,
  });
  assert.ok(found.receipt.droppedTokens > 0);
  assert.ok(found.edits.length > 0);
  assert.equal(applied(whole, found.edits), found.text);
  const ids = model.tokenizer
    .encode(found.text)
    .map(({ id }) => id)
    .slice(-32);
  const residual = await new Sequence(model).read(ids, Run.detached());
  const { top } = await distributionAt(model, residual.subarray(-16), 1, Run.detached());
  assert.equal(found.after.next[0]!.id, top[0]!.id);
});

test('tells the best so far; what is cancelled leaves it', async () => {
  const controller = new AbortController();
  const told: PartialFlip[] = [];
  const run = new Run<Progress<PartialFlip>>(controller.signal, ({ partial }) => {
    if (!partial) return;
    told.push(partial);
    if (told.length === 2) controller.abort();
  });
  const goal = { kind: 'below', rank: 299, target: { kind: 'top' } } as const;
  await assert.rejects(flip({ goal, budget: 1000 }, run), { code: 'cancelled' });
  assert.equal(told.length, 2);
  const [, last] = told as [PartialFlip, PartialFlip];
  assert.equal(applied(text, last.edits), last.text);
  assert.ok(last.evaluations > 0);
});

test('what stands before the first edit is not read again', async (t) => {
  const { fresh, rows } = await countingModel(t, modelDir);
  const asked = flipRequest({ modelDir, text, range: { start: 12, end: text.length }, budget: 40 });
  const found = await flipWith(fresh, asked, Run.detached());
  const count = model.tokenizer.encode(text).length;
  assert.ok(found.edits.every(({ start }) => start >= 12));
  // The text once, and of the edited text what comes after the edit.
  assert.ok(rows() <= count + 6);
});

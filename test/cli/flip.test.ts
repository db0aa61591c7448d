/** `flip`: the smallest edit, and the adversarial test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Adversarial, Said } from '../../src/protocol/results.ts';
import type { AdversarialPair } from '../../src/text/adversarialPairs.ts';
import { cli, json, randomModel, refused } from './support.ts';

interface Printed {
  receipt: { goal: { kind: string; token: number }; budget: number; seed: number; model: { sha256: string } };
  found: boolean;
  text: string;
  edits: { start: number; end: number; old: string; new: string }[];
  before: Said;
  after: Said;
  evaluations: number;
  perplexityRatio: number | null;
}

const text = 'The name of the fox in the box';

test('flip', async (t) => {
  const model = ['--model', randomModel(t)];
  const asked = ['flip', ...model];
  const found = await json<Printed>([...asked, text]);

  await t.test('prints one object with what was found', async () => {
    assert.deepEqual(Object.keys(found), [
      ...['receipt', 'found', 'text', 'edits', 'before', 'after', 'evaluations', 'perplexityRatio'],
    ]);
    assert.ok(found.found);
    assert.deepEqual(Object.keys(found.edits[0]!), ['start', 'end', 'old', 'new']);
    const [edit] = found.edits as [Printed['edits'][number]];
    assert.equal(found.text, text.slice(0, edit.start) + edit.new + text.slice(edit.end));
    assert.equal(text.slice(edit.start, edit.end), edit.old);
    assert.ok(found.perplexityRatio! > 0 && found.evaluations <= 500);
  });

  await t.test('what was found is so when the edited text is asked about', async () => {
    const { next } = await json<{ next: { id: number }[] }>([
      'explain',
      ...model,
      '--foil',
      'none',
      '--objective',
      'logit',
      found.text,
    ]);
    assert.equal(next[0]!.id, found.after.next[0]!.id);
    assert.notEqual(found.after.next[0]!.id, found.before.next[0]!.id);
  });

  await t.test('takes a goal, ranges to keep, words only, a budget and a seed', async () => {
    const second = found.before.next[1]!.id;
    const to = await json<Printed>([...asked, '--to', `#${second}`, '--seed', '5', '--budget', '900', text]);
    assert.deepEqual(
      [to.receipt.goal, to.receipt.seed, to.receipt.budget],
      [{ kind: 'to', token: second }, 5, 900],
    );
    if (to.found) assert.equal(to.after.next[0]!.id, second);
    const below = await json<Printed>([...asked, '--below-rank', '9', '--keep', '0-8,20-30', text]);
    assert.ok(below.edits.every(({ start, end }) => end === 0 || (start >= 8 && end <= 20)));
    if (below.found) assert.ok(below.after.token.rank > 9);
    const words = await json<Printed>([...asked, '--words-only', '--budget', '100', text]);
    assert.match(words.text, /^[\p{L} ]*$/u);
  });

  await t.test('for a person: the edit, before and after, never that the model is robust', async () => {
    const { stdout } = await cli([...asked, text]);
    assert.match(stdout, / instead of /);
    assert.match(stdout, /\n {2}\d+–\d+/);
    assert.match(stdout, /\nBefore {2}"/);
    assert.match(stdout, /\nAfter {3}"/);
    const none = await cli([...asked, '--below-rank', '499', '--kinds', 'case', '--budget', '20', text]);
    assert.match(none.stdout, /^Not found in \d+ evaluations\.\nThe closest that was tried:\n/);
    assert.doesNotMatch(none.stdout, /robust/);
  });

  await t.test('names bad input', async () => {
    assert.match(await refused([...asked, '--keep', '5-2', text]), /--keep 5-2 must be UTF-16 ranges/);
    assert.match(await refused([...asked, '--to', 'x', '--below-rank', '3', text]), /two goals/);
    assert.match(
      await refused([...asked, '--kinds', 'magic', text]),
      /kinds is magic, but must be substitute/,
    );
    assert.match(await refused([...asked, '--pairs', text]), /--pairs belongs to --test/);
    assert.match(await refused([...asked, '--test', '--max-edits', '2', text]), /leave --max-edits out/);
    assert.match(
      await refused([...asked, '--to', `#${found.before.next[0]!.id}`, text]),
      /nothing to search for/,
    );
    assert.match(await refused([...asked, '--keep', '0-900', text]), /range 0–900 does not lie inside/);
  });
});

test('flip --test', async (t) => {
  const model = ['--model', randomModel(t)];
  const asked = ['flip', '--test', ...model, '--budget', '160', text];
  const tested = await json<Adversarial>(asked);

  await t.test('counts the edits of each kind', () => {
    assert.equal(tested.kinds.length, 8);
    assert.ok(tested.kinds.every(({ total, drawn }) => drawn.tried <= total && drawn.reached <= drawn.tried));
    assert.ok(tested.evaluations <= 160);
  });

  await t.test('prints the worst as pairs, one object in each line', async () => {
    const { stdout } = await cli([...asked, '--pairs', '--worst', '3']);
    const pairs = stdout
      .trimEnd()
      .split('\n')
      .map((line): AdversarialPair => JSON.parse(line));
    assert.equal(pairs.length, 3);
    for (const pair of pairs) {
      assert.equal(pair.text, text);
      assert.equal(pair.edited, text.slice(0, pair.start) + pair.new + text.slice(pair.end));
      assert.equal(pair.before.token, tested.before.next[0]!.text);
      assert.equal(pair.model, tested.receipt.model.sha256);
      assert.notEqual(pair.after.token, pair.before.token);
    }
  });

  await t.test('for a person: a line for each kind', async () => {
    const { stdout } = await cli(asked);
    assert.match(stdout, /Single edits that change it\n {2}token replaced +\d+ of \d+ drawn from [\d,]+: /);
    assert.match(stdout, /\nThe worst\n/);
  });
});

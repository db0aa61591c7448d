/** f of other texts than the one that was read: what it is, and that nothing is read again for it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../../../scripts/lib/project.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../../../src/inference/question/openFunction.ts';
import type { QuestionFunction } from '../../../../src/inference/question/questionFunction.ts';
import { RetokenizedText } from '../../../../src/inference/question/retokenizedText.ts';
import { Run } from '../../../../src/inference/run.ts';
import { openTokenizer } from '../../../../src/inference/tokenizer/tokenizer.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const contextLength = 24;
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 3, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 4 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const near = { relative: 1e-5, floor: 1e-5 };
const read = [5, 17, 230, 41, 99, 120, 64];
const edits = {
  replaced: [5, 17, 230, 42, 99, 120, 64],
  'put in': [5, 17, 230, 41, 200, 201, 99, 120, 64],
  'left out': [5, 17, 99, 120, 64],
  'replaced at the end': [5, 17, 230, 41, 99, 120, 65],
  'put in at the end': [5, 17, 230, 41, 99, 120, 64, 3],
  'cut short': [5, 17],
  'another text': [8, 9],
  itself: read,
};

const open = (of: Gpt2, ids: readonly number[], foil: readonly number[], sequence = new Sequence(of)) => {
  const asked = { ids, first: 0, count: ids.length, target: 7, foil };
  return openFunction(of, sequence, { ...asked, objective: 'contrast', baseline: 'zero' }, Run.detached());
};

async function valueAt(f: QuestionFunction): Promise<number> {
  const [value] = await f.values([{ from: 0, rows: f.x }]);
  return value as number;
}

for (const foil of [[9], [9, 11, 13]]) {
  describe(`edited texts, with a foil of ${foil.length} tokens`, () => {
    test('have the same values as when they are read from the beginning', async () => {
      const f = await open(model, read, foil);
      const seen = await f.valuesOf(Object.values(edits).map((ids) => ({ ids })));
      for (const [index, [what, ids]] of Object.entries(edits).entries()) {
        const own = await open(model, ids, foil);
        assertNear([seen[index] as number], [await valueAt(own)], near, what);
        own.release();
      }
      f.release();
    });

    test('share the beginning that was read with the text; only the rest is computed', async (t) => {
      const { fresh, rows } = await countingModel(t, modelDir);
      const sequence = new Sequence(fresh);
      const f = await open(fresh, read, foil, sequence);
      rows();
      const pace = t.mock.method(fresh.programs.pace.value, 'learn');
      for (const ids of Object.values(edits)) {
        pace.mock.resetCalls();
        await f.valuesOf([{ ids }]);
        const shared = sequence.sharedWith(ids);
        const terms = foil.length > 1 ? [0, 0, 1, 2] : [0];
        const expected = terms.map((ahead) => Math.max(1, ids.length + ahead - shared));
        const computed = pace.mock.calls.map(({ arguments: [count] }) => count);
        if (ids !== read) assert.deepEqual(computed, expected);
        else
          assert.deepEqual(
            computed,
            terms.map(() => 1),
          );
      }
      assert.equal(rows(), 0);
      f.release();
    });

    test('f about one of them equals f of that text when it is read: value, gradient, points in a part', async () => {
      const f = await open(model, read, foil);
      for (const [what, ids] of Object.entries(edits)) {
        const own = await open(model, ids, foil);
        const about = f.about({ ids }, { first: 0, count: ids.length });
        const from = ids.length - 1;
        for (const point of [
          { from: 0, rows: own.x },
          { from, rows: new Float32Array(own.width) },
        ]) {
          const [seen] = await about.gradients([point]);
          const [expected] = await own.gradients([point]);
          assertNear([seen?.value as number], [expected?.value as number], near, what);
          assertNear(seen?.gradient ?? [], expected?.gradient as Float32Array, { relative: 1e-4 }, what);
        }
        own.release();
      }
      f.release();
    });

    test('hidden tokens get no gradient, and their ids do not change f', async () => {
      const f = await open(model, read, foil);
      const hidden = [2, 4];
      const about = f.about({ ids: read, hidden }, { first: 0, count: read.length });
      const [seen] = await about.gradients([{ from: 0, rows: about.x }]);
      const width = about.width;
      for (const token of read.keys()) {
        const row = seen?.gradient.subarray(token * width, (token + 1) * width) ?? [];
        assert.equal(
          row.every((slope) => slope === 0),
          hidden.includes(token),
          `token ${token}`,
        );
      }
      const [value] = await f.valuesOf([{ ids: read, hidden }]);
      assertNear([seen?.value as number], [value as number], near, 'f');
      const changed = read.map((id, token) => (hidden.includes(token) ? id + 1 : id));
      assertNear(await f.valuesOf([{ ids: changed, hidden }]), [value as number], near, 'whatever is hidden');
      f.release();
    });

    test('many at once, of several lengths, hidden and not, get their own values in order', async () => {
      const f = await open(model, read, foil);
      const texts = Object.values(edits).flatMap((ids) => [
        { ids },
        { ids, hidden: [0] },
        { ids, hidden: [1] },
      ]);
      const together = await f.valuesOf(texts);
      for (const [index, text] of texts.entries()) {
        const [alone] = await f.valuesOf([text]);
        assertNear([together[index] as number], [alone as number], near, `text ${index}`);
      }
      f.release();
    });

    test('a text that this model cannot read is refused', async () => {
      const f = await open(model, read, foil);
      const long = Array<number>(contextLength + 1).fill(1);
      for (const text of [
        { ids: [] },
        { ids: long },
        { ids: read, hidden: [read.length] },
        { ids: read, hidden: [-1] },
      ]) {
        await assert.rejects(async () => f.valuesOf([text]), RangeError);
        assert.throws(() => f.about(text, { first: 0, count: 1 }), RangeError);
      }
      await assert.rejects(async () => f.valuesOf([{ ids: [300] }]), { code: 'token-unknown' });
      f.release();
    });
  });
}

describe('a text without some of its tokens', () => {
  const around = { before: '', after: '' };
  const idsOf = (text: string) => model.tokenizer.encode(text).map(({ id }) => id);

  test('is the text that is left, tokenised: whole characters go', () => {
    const piece = fc.constantFrom(' the', 'fox ', '🙂', '国', 'é', '  ', '\n', 'in', ', ', '1', "'s");
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        (pieces, coin) => {
          const text = pieces.join('');
          const tokens = model.tokenizer.encode(text);
          const gone = tokens.flatMap((_, token) => (coin.next().value ? [token] : []));
          // A character goes with any of its tokens.
          const isGone = (at: number) =>
            gone.some((token) => {
              const inside = tokens.slice(0, token + 1).findLast(({ start, end }) => end > start);
              return (
                inside !== undefined &&
                inside.start <= at &&
                at < inside.end &&
                touches(tokens, token, at, text)
              );
            });
          const left = [...text].map((character, index, all) => ({
            character,
            at: all.slice(0, index).join('').length,
          }));
          const kept = left.filter(({ at }) => !isGone(at)).map(({ character }) => character);
          const expected = kept.length > 0 ? idsOf(kept.join('')) : [model.tokenizer.endOfText];
          const seen = new RetokenizedText(model.tokenizer, idsOf(text), around).without(gone);
          assert.deepEqual(seen, expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('BOS and the tokens of a partly read character stay unchanged, or are removed one by one', () => {
    const [first, ...rest] = idsOf('🙂');
    assert.ok(first !== undefined && rest.length > 0);
    const bos = model.tokenizer.endOfText;
    const ids = [bos, ...rest, ...idsOf(' fox'), first];
    const text = new RetokenizedText(model.tokenizer, ids, around);
    assert.deepEqual(text.without([]), ids);
    const fox = idsOf(' fox').map((_, index) => 1 + rest.length + index);
    assert.deepEqual(text.without(fox), [bos, ...rest, first]);
    assert.deepEqual(text.without([0, ids.length - 1]), ids.slice(1, -1));
    assert.deepEqual(text.without([1]), ids.toSpliced(1, 1));
  });

  test('is tokenised together with the surrounding text, as before', () => {
    const tokenizer = openTokenizer(path.join(root, 'models/tiny-gpt2'), 4096);
    const ids = (text: string) => tokenizer.encode(text).map(({ id }) => id);
    // Two ends of a line are one token where nothing follows, and two in front of a word.
    const [read, rest] = ['one two\n\n', 'three'];
    const whole = ids(read + rest);
    const before = whole.slice(0, whole.length - ids(rest).length);
    assert.notDeepEqual(before, ids(read));
    const edited = new RetokenizedText(tokenizer, before, { before: '', after: rest });
    assert.deepEqual(edited.without([]), before);
    assert.deepEqual(edited.without([1]), [before[0], ...before.slice(-2)]);
    // Nothing was read of what stands in front, either.
    const cut = new RetokenizedText(tokenizer, before, { before: 'zero,', after: rest });
    assert.deepEqual(cut.without([1]), [before[0], ...before.slice(-2)]);
  });

  test('is tokenised by itself if the edit joins the words on both sides of the prediction', () => {
    const tokenizer = openTokenizer(path.join(root, 'models/tiny-gpt2'), 4096);
    const ids = (text: string) => tokenizer.encode(text).map(({ id }) => id);
    const read = ids('on the\n\n').slice(0, -1).concat(ids('\n'), ids('\n'));
    const edited = new RetokenizedText(tokenizer, read, { before: '', after: 'e' });
    const left = edited.without([1, 2, 3]);
    assert.deepEqual(left, ids('on'), 'not "one"');
  });
});

/** Whether a token has a byte of the character at a UTF-16 offset. */
function touches(
  tokens: ReturnType<Gpt2['tokenizer']['encode']>,
  token: number,
  at: number,
  text: string,
): boolean {
  const before = tokens.slice(0, token).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const from = Buffer.byteLength(text.slice(0, at));
  const to = from + Buffer.byteLength(String.fromCodePoint(text.codePointAt(at) as number));
  return before < to && before + (tokens[token]?.bytes.length ?? 0) > from;
}

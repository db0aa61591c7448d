/** What every removal operator must keep, whatever it puts in a token's place; and what each of them is. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Remainder, TokenSet } from '../../../../src/inference/attribution/method.ts';
import { chancesOf } from '../../../../src/inference/generation/chances.ts';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../../../src/inference/question/openFunction.ts';
import type { QuestionFunction } from '../../../../src/inference/question/questionFunction.ts';
import { refillTokens, uniformNumbers } from '../../../../src/inference/question/removal/refill.ts';
import { Run } from '../../../../src/inference/run.ts';
import { type Removal, removals, refillSamples as samples } from '../../../../src/protocol/methods.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const contextLength = 24;
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 9 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const idsOf = (text: string) => model.tokenizer.encode(text).map(({ id }) => id);
const seed = 3;

interface Asked {
  ids: readonly number[];
  first?: number;
  count?: number;
  foil?: readonly number[];
  baseline?: 'zero' | 'mean' | 'eot';
  run?: Run;
  sequence?: Sequence;
}

const open = ({ ids, first = 0, count = ids.length, ...asked }: Asked): Promise<QuestionFunction> => {
  const { foil = [9], baseline = 'eot', run = Run.detached(), sequence = new Sequence(model) } = asked;
  const question = { ids, first, count, target: 7, foil, objective: 'contrast' as const, baseline };
  return openFunction(model, sequence, question, run);
};

/** f of what is read from the beginning. */
async function fresh(ids: readonly number[], foil?: readonly number[]): Promise<number> {
  const f = await open({ ids, ...(foil && { foil }) });
  const [value] = await f.values([{ from: 0, rows: f.x }]);
  f.release();
  return value as number;
}

const text = 'a fox, in the box';
const near = { relative: 1e-5, floor: 1e-5 };

for (const foil of [[9], [9, 11]]) {
  for (const removal of removals) {
    describe(`${removal}, with a foil of ${foil.length} tokens`, () => {
      const f = (changes: Partial<Asked> = {}) => open({ ids: idsOf(text), foil, ...changes });
      const without = async (sets: readonly TokenSet[], changes: Partial<Asked> = {}) => {
        const asked = await f(changes);
        try {
          return await asked.without(sets, { removal, seed });
        } finally {
          asked.release();
        }
      };

      test('removing nothing gives f(x), exactly', async () => {
        const asked = await f();
        const [value] = await asked.values([{ from: 0, rows: asked.x }]);
        const [nothing] = await asked.without([[]], { removal, seed });
        assert.equal(nothing?.value, value);
        assert.equal(nothing?.standardError, removal === 'refill' ? 0 : null);
        asked.release();
      });

      test('a set has the same value alone and among others, twice, and in another order of its tokens', async () => {
        const sets = [[4, 2], [1], [2, 4], [], [1], [0, 1, 2, 3]];
        const together = await without(sets);
        assert.deepEqual(together[2], together[0]);
        assert.deepEqual(together[4], together[1]);
        for (const [index, set] of sets.entries()) {
          const [alone] = await without([set]);
          assertNear([together[index]?.value as number], [alone?.value as number], near, `[${set}]`);
        }
        assert.equal(new Set(together.map(({ value }) => value)).size, 4);
      });

      test('does not depend on what was read before', async () => {
        const sets = [[0], [3, 4], [2, 5]];
        const first = await without(sets);
        const sequence = new Sequence(model);
        await sequence.read([...idsOf(text), ...foil.slice(0, -1)], Run.detached());
        const asked = await f({ sequence });
        await asked.without([[1], [5], [0, 4]], { removal, seed: seed + 1 });
        const later = await asked.without(sets, { removal, seed });
        assertNear(valuesOf(later), valuesOf(first), near, 'after other questions');
        assert.deepEqual([...sequence.ids].slice(0, idsOf(text).length), idsOf(text), 'as it was found');
        asked.release();
      });

      test('only refill has a standard error', async () => {
        for (const { standardError } of await without([[1], [2, 3]])) {
          if (removal === 'refill') assert.ok(standardError !== null && standardError > 0);
          else assert.equal(standardError, null);
        }
      });

      test('leaves no trace of what is removed', async () => {
        // Some characters, each a token: nothing becomes of two of them.
        const ids = idsOf('q z j x');
        const token = 2;
        const [other] = idsOf('k') as [number];
        const changed = ids.with(token, other);
        assert.notEqual(changed[token], ids[token]);
        const values = async (read: readonly number[]) =>
          valuesOf(await without([[token], [token, 4], [0, token]], { ids: read }));
        assertNear(await values(changed), await values(ids), near, 'another token in its place');
        assert.ok(Math.abs((await fresh(changed, foil)) - (await fresh(ids, foil))) > 1e-3, 'it mattered');
      });

      test('a set of anything but explained tokens is refused', async () => {
        for (const set of [[-1], [idsOf(text).length], [1, 1], [0.5], [Number.NaN]]) {
          await assert.rejects(without([set]), RangeError);
        }
      });

      test('ends when it is cancelled', async () => {
        const controller = new AbortController();
        const asked = await f({ run: new Run(controller.signal, () => {}) });
        controller.abort();
        await assert.rejects(asked.without([[1], [2]], { removal, seed }), { code: 'cancelled' });
        asked.release();
      });

      test('explained tokens in the middle: those before them and after them stay', async () => {
        const range = { first: 2, count: 3 };
        const whole = valuesOf(await without([[2], [3, 4]]));
        const part = valuesOf(await without([[0], [1, 2]], range));
        if (removal === 'refill') return assert.equal(part.every(Number.isFinite), true);
        assertNear(part, whole, near, 'by other numbers');
      });
    });
  }
}

const valuesOf = (remainders: readonly Remainder[]) => remainders.map(({ value }) => value);

const withoutAll = async (removal: Removal, ids: readonly number[], sets: readonly TokenSet[]) => {
  const f = await open({ ids });
  const seen = await f.without(sets, { removal, seed });
  f.release();
  return valuesOf(seen);
};

describe('baseline', () => {
  test('of all tokens gives f(x′), of one token f at the point with its row replaced', async () => {
    const f = await open({ ids: idsOf(text), baseline: 'mean' });
    const all = Array.from({ length: f.count }, (_, token) => token);
    const [none, third] = await f.without([all, [2]], { removal: 'baseline', seed });
    const rows = f.x.slice(2 * f.width);
    rows.set(f.baseline.subarray(0, f.width));
    const expected = [
      ...(await f.values([{ from: 0, rows: f.baseline }])),
      ...(await f.values([{ from: 2, rows }])),
    ];
    assertNear([none?.value as number, third?.value as number], expected, near, 'f(x′)');
    f.release();
  });
});

describe('mask', () => {
  test('of the first tokens differs from the text without them, because positions stay', async () => {
    const ids = idsOf(text);
    const [masked] = await withoutAll('mask', ids, [[0, 1]]);
    assert.ok(Math.abs((masked as number) - (await fresh(ids.slice(2)))) > 1e-3);
  });

  test('of the predicting token lets it still see itself', async () => {
    const ids = idsOf('q z j x');
    const last = ids.length - 1;
    const changed = ids.with(last, idsOf('k')[0] as number);
    const [one] = await withoutAll('mask', ids, [[last]]);
    const [other] = await withoutAll('mask', changed, [[last]]);
    assert.ok(Math.abs((one as number) - (other as number)) > 1e-3);
    assertNear([one as number], [await fresh(ids)], near, 'there is no other token to hide it from');
  });

  test('of all but the predicting token leaves that alone, at its position', async () => {
    const ids = idsOf('q z j x');
    const before = ids.slice(0, -1).map((_, token) => token);
    const [alone] = await withoutAll('mask', ids, [before]);
    const others = ids.map((id, token) => (token < ids.length - 1 ? (idsOf('k')[0] as number) : id));
    assertNear([alone as number], await withoutAll('mask', others, [before]), near, 'whatever stood there');
    assert.ok(Math.abs((alone as number) - (await fresh(ids.slice(-1)))) > 1e-3, 'not at the first position');
  });
});

describe('delete', () => {
  test('is f of the text that is left', async () => {
    for (const [token, { start, end }] of model.tokenizer.encode(text).entries()) {
      const left = text.slice(0, start) + text.slice(end);
      const [seen] = await withoutAll('delete', idsOf(text), [[token]]);
      assertNear([seen as number], [await fresh(idsOf(left))], near, JSON.stringify(left));
    }
  });

  test('of everything leaves <|endoftext|> to predict from', async () => {
    const ids = idsOf('fox');
    const [seen] = await withoutAll('delete', ids, [ids.map((_, token) => token)]);
    assertNear([seen as number], [await fresh([model.tokenizer.endOfText])], near, 'nothing');
  });
});

describe('refill', () => {
  const draw = async (ids: readonly number[], sets: readonly TokenSet[], by: number) => {
    const sequence = new Sequence(model);
    const f = await open({ ids, sequence });
    const subject = { model, sequence, run: Run.detached(), domain: f, text: { ids }, first: 0 };
    const around = { room: contextLength, surroundings: { before: '', after: '' } };
    const texts = (await refillTokens({ ...subject, ...around }, by)(sets)) as { ids: number[] }[][];
    f.release();
    return texts;
  };

  test('is the mean of f over the drawn texts, with its standard error', async () => {
    const ids = idsOf(text);
    const sets = [[2], [1, 4, 5]];
    const f = await open({ ids });
    const seen = await f.without(sets, { removal: 'refill', seed });
    for (const [index, texts] of (await draw(ids, sets, seed)).entries()) {
      assert.equal(texts.length, samples);
      const values = await Promise.all(texts.map((drawn) => fresh(drawn.ids)));
      const mean = values.reduce((sum, value) => sum + value, 0) / samples;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const error = Math.sqrt(squares / (samples - 1) / samples);
      assertNear([seen[index]?.value as number], [mean], near, 'mean');
      assertNear([seen[index]?.standardError as number], [error], near, 'standard error');
    }
    f.release();
  });

  test('f.refill gives the embeddings of what is drawn for all tokens, and leaves f as it was', async () => {
    const ids = idsOf(text);
    const all = ids.map((_, token) => token);
    const [texts] = await draw(ids, [all], seed);
    const f = await open({ ids });
    for (const sample of [1, 0]) {
      const rows = model.checkpoint.weights.rows('wte.weight', texts![sample]!.ids);
      assert.deepEqual(await f.refill!(sample, seed), rows);
    }
    assert.notDeepEqual(await f.refill!(0, seed + 1), await f.refill!(0, seed));
    assertNear(await f.values([{ from: 0, rows: f.x }]), [await fresh(ids)], near, 'f(x)');
    f.release();
  });

  test('the same seed draws the same texts, another seed other ones; tokens that are not removed stay', async () => {
    const ids = idsOf(text);
    const sets = [[1, 4, 5]];
    const first = await draw(ids, sets, seed);
    assert.deepEqual(await draw(ids, [[0], ...sets, [3]], seed).then((texts) => [texts[1]]), first);
    assert.notDeepEqual(await draw(ids, sets, seed + 1), first);
    for (const { ids: drawn } of first.flat()) {
      assert.deepEqual(
        drawn.filter((_, token) => !sets[0]?.includes(token)),
        ids.filter((_, token) => !sets[0]?.includes(token)),
      );
    }
  });

  test('draws each token from the distribution after all that comes before it', async () => {
    const ids = idsOf('a fox');
    const set = [1, 2];
    const after = async (read: readonly number[]) => {
      const residual = await new Sequence(model).read(read, Run.detached());
      const { logits } = await distributionAt(
        model,
        residual.subarray(-model.config.width),
        1,
        Run.detached(),
      );
      return chancesOf(logits, { temperature: 1, topK: 0, topP: 1 });
    };
    // Randomised probability integral transforms: uniform on [0, 1) if and only if the distribution is the right one.
    const uniforms: number[][] = [[], []];
    for (let by = 0; by < 120; by++) {
      for (const { ids: drawn } of (await draw(ids, [set], by)).flat()) {
        for (const [place, token] of set.entries()) {
          const chances = await after(drawn.slice(0, token));
          let below = 0;
          for (let id = 0; id < (drawn[token] as number); id++) below += chances.of(id);
          const own = chances.of(drawn[token] as number);
          assert.ok(own > 0);
          uniforms[place]?.push(below + own * ((by * 0.618_034) % 1));
        }
      }
    }
    const n = uniforms[0]?.length as number;
    assert.equal(n, 600);
    for (const [place, values] of uniforms.entries()) {
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const square = values.reduce((sum, value) => sum + value ** 2, 0) / n;
      // Five standard errors: of a uniform number 0.289, of its square 0.298.
      assert.ok(Math.abs(mean - 1 / 2) < (5 * 0.289) / Math.sqrt(n), `place ${place}: mean ${mean}`);
      assert.ok(Math.abs(square - 1 / 3) < (5 * 0.298) / Math.sqrt(n), `place ${place}: square ${square}`);
      // Not as even as numbers that are no chance.
      const half = values.filter((value) => value < 0.5).length;
      assert.ok(Math.abs(half - n / 2) < (5 * Math.sqrt(n)) / 2, `place ${place}: ${half} of ${n}`);
    }
    const both = uniforms[0]?.reduce(
      (sum, value, at) => sum + (value - 0.5) * ((uniforms[1]?.[at] as number) - 0.5),
      0,
    );
    assert.ok(Math.abs((both as number) / n) < 5 / 12 / Math.sqrt(n), 'independent of each other');
  });

  test('the numbers of one seed are independent: they vary like those of different seeds', () => {
    const [seeds, count] = [3000, 5];
    for (const place of [0, 1, 7]) {
      let [within, sum, product] = [0, 0, 0];
      for (let by = 0; by < seeds; by++) {
        const numbers = uniformNumbers(by, count, 9).map((places) => places[place] as number);
        const mean = numbers.reduce((total, one) => total + one, 0) / count;
        within += numbers.reduce((total, one) => total + (one - mean) ** 2, 0) / (count - 1) / seeds;
        sum += mean / seeds;
        const [first, second] = numbers as [number, number];
        product += ((first - 0.5) * (second - 0.5)) / seeds;
      }
      // Of uniform numbers: variance 1/12, of which an estimate from five has the standard deviation 0.51 / 12.
      assert.ok(Math.abs(12 * within - 1) < (5 * 0.51) / Math.sqrt(seeds), `place ${place}: ${12 * within}`);
      assert.ok(Math.abs(sum - 0.5) < (5 * 0.289) / Math.sqrt(seeds * count), `place ${place}: ${sum}`);
      assert.ok(Math.abs(12 * product) < 5 / Math.sqrt(seeds), `place ${place}: ${12 * product}`);
    }
    assert.notDeepEqual(uniformNumbers(2 ** 32, 1, 3), uniformNumbers(0, 1, 3), 'all bits of a seed count');
  });

  test('a first token is drawn from what follows <|endoftext|>', async () => {
    const texts = await draw(idsOf('a fox'), [[0]], seed);
    const withBos = await draw([model.tokenizer.endOfText, ...idsOf('a fox')], [[1]], seed);
    assert.equal(texts[0]?.length, withBos[0]?.length);
    assert.ok(texts[0]?.every(({ ids }) => ids.length === idsOf('a fox').length));
  });
});

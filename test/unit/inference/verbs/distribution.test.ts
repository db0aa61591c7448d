/** What may come next, before and after the cuts of sampling, with and without heads; and that nothing is read twice. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { chancesOf } from '../../../../src/inference/generation/chances.ts';
import { randomNumbers, sample } from '../../../../src/inference/generation/sampling.ts';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import { headMaskWithout } from '../../../../src/inference/gpt2/headMask.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { distribution as distributionWith } from '../../../../src/inference/verbs/distribution.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { DistributionParams, Progress } from '../../../../src/protocol/engine.ts';
import type { HeadIndex, NextTokens } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { distributionRequest, scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, heads, contextLength] = [3, 4, 24];
const text = 'a 🙂 in the box';
const folder = temporaryFolder({ after });
const size = { layers, heads, width: 16, contextLength, vocabularySize: 300, seed: 7 };
const modelDir = writeCheckpoint(path.join(folder, 'model'), size);
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const distribution = (changes: Partial<DistributionParams> = {}, run: Run<Progress> = Run.detached()) =>
  distributionWith(model, distributionRequest({ modelDir, text, ...changes }), run);

const numbers = (of: NextTokens) => [
  ...of.candidates.flatMap(({ probability, drawn, logit }) => [probability, drawn, logit]),
  ...[of.entropy, of.drawnEntropy, of.kept],
];

describe('chances', () => {
  const logits = fc
    .array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 12 })
    .map((values) => Float32Array.from(values));
  const cuts = fc.record({
    temperature: fc.constantFrom(0, 0.3, 1, 4),
    topK: fc.nat(14),
    topP: fc.constantFrom(0, 0.3, 0.9, 1),
  });

  test('are how often generation draws each token', () => {
    const draws = 4000;
    const property = fc.property(logits, cuts, fc.nat(), (z, cut, seed) => {
      const random = randomNumbers(seed, 0);
      const counts = new Map<number, number>();
      for (let draw = 0; draw < draws; draw++) {
        const id = sample(z, cut, random);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      const chances = chancesOf(z, cut);
      for (const id of z.keys()) {
        const expected = chances.of(id);
        if (expected === 0) assert.equal(counts.get(id), undefined, `${id} is cut off`);
        // Eight standard deviations, and two draws more for what is hardly ever drawn.
        const allowed = 8 * Math.sqrt((expected * (1 - expected)) / draws) + 2 / draws;
        assert.ok(Math.abs((counts.get(id) ?? 0) / draws - expected) <= allowed, `${id}: ${expected}`);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('sum to 1; `kept` counts them, and they are fewer for a stricter cut', () => {
    const property = fc.property(logits, cuts, (z, cut) => {
      const { of, kept, entropy } = chancesOf(z, cut);
      const all = Array.from(z, (_, id) => of(id));
      assertNear([all.reduce((sum, chance) => sum + chance, 0)], [1], { relative: 1e-12 }, 'sum');
      assert.equal(all.filter((chance) => chance > 0).length, kept);
      const surprise = all.map((chance) => (chance > 0 ? -chance * Math.log(chance) : 0));
      assertNear([entropy], [surprise.reduce((sum, one) => sum + one)], { relative: 1e-9 }, 'entropy');
      const stricter = { ...cut, topP: cut.topP / 2, topK: cut.topK === 0 ? 5 : Math.ceil(cut.topK / 2) };
      assert.ok(chancesOf(z, stricter).kept <= kept);
    });
    fc.assert(property);
  });

  test('a temperature near 0 leaves only tokens that can be drawn', () => {
    const { of, kept, entropy } = chancesOf(Float32Array.of(1, 2, 2, 0), {
      temperature: 1e-4,
      topK: 0,
      topP: 1,
    });
    assert.deepEqual([of(0), of(1), of(2), of(3), kept], [0, 0.5, 0.5, 0, 2]);
    assertNear([entropy], [Math.LN2], { relative: 1e-12 }, 'entropy');
  });
});

describe('distribution', () => {
  test('is the same as scoring gives for the position, and sums to 1 with its tail', async () => {
    const { next, tokens } = await score(model, scoreRequest({ modelDir, text, top: 5 }), Run.detached());
    const end = await distribution({ top: 10 });
    assert.deepEqual(
      end.candidates.map(({ id }) => id),
      next.map(({ id }) => id),
    );
    assert.deepEqual([end.actual, end.receipt.at], [null, tokens.length]);
    const probabilities = (list: readonly { probability: number }[]) =>
      list.map(({ probability }) => probability);
    assertNear(probabilities(end.candidates), probabilities(next), { relative: 1e-5 }, 'end');
    for (const index of [1, 4, tokens.length - 1]) {
      const scored = tokens[index];
      const result = await distribution({ at: { kind: 'token', index } });
      const { actual, candidates, tail, entropy, drawnEntropy, kept } = result;
      assert.deepEqual(
        [actual?.id, actual?.text, actual?.rank, actual?.span, result.receipt.at],
        [scored?.id, scored?.text, scored?.rank, { start: scored?.start, end: scored?.end }, index],
      );
      assertNear(
        [Math.log(actual?.probability ?? 0), entropy],
        [scored?.logProb ?? 0, scored?.entropy ?? 0],
        { relative: 1e-5 },
        `token ${index}`,
      );
      assertNear(probabilities(candidates), probabilities(scored?.top ?? []), { relative: 1e-5 }, 'top');
      // Nothing is cut off: what is drawn from is the model's own distribution.
      assertNear([actual?.drawn ?? 0], [actual?.probability ?? 1], { relative: 1e-5 }, 'drawn');
      assertNear([drawnEntropy], [entropy], { relative: 1e-5 }, 'entropies');
      assert.deepEqual([kept, tail.count], [300, 295]);
      for (const key of ['probability', 'drawn'] as const) {
        const listed = candidates.reduce((sum, candidate) => sum + candidate[key], 0);
        assert.ok(tail[key] > 0);
        assertNear([listed + tail[key]], [1], { relative: 1e-5 }, key);
      }
    }
  });

  test('cuts: what is left over sums to 1, what is cut off is 0', async () => {
    const cut = { temperature: 0.7, topK: 7, topP: 0.9 };
    const { candidates, tail, kept, drawnEntropy, receipt } = await distribution({ ...cut, top: 20 });
    assert.ok(kept > 1 && kept <= 7);
    assert.deepEqual({ ...receipt, ...cut }, receipt);
    assert.deepEqual(
      candidates.map(({ drawn }) => drawn > 0),
      candidates.map((_, place) => place < kept),
    );
    assert.equal(tail.drawn, 0);
    const [first, second] = candidates as [NextTokens['candidates'][0], NextTokens['candidates'][0]];
    assertNear(
      [candidates.reduce((sum, { drawn }) => sum + drawn, 0), first.drawn / second.drawn],
      [1, Math.exp((first.logit - second.logit) / cut.temperature)],
      { relative: 1e-5 },
      'drawn',
    );
    const entropy = candidates.reduce((sum, { drawn }) => sum - (drawn > 0 ? drawn * Math.log(drawn) : 0), 0);
    assertNear([drawnEntropy], [entropy], { relative: 1e-9 }, 'entropy');
  });

  test('greedy is certain of the most probable token', async () => {
    const { candidates, kept, drawnEntropy, tail } = await distribution({ temperature: 0 });
    assert.deepEqual(
      candidates.map(({ drawn }) => drawn),
      [1, 0, 0, 0, 0],
    );
    assert.deepEqual([kept, drawnEntropy, tail.drawn], [1, 0, 0]);
  });

  test('exists after BOS alone, and for a text that is too long', async () => {
    const { candidates, receipt } = await distribution({ text: '', bos: true });
    assert.deepEqual([candidates.length, receipt.at], [5, 0]);
    await assert.rejects(distribution({ text: '' }), { code: 'text-empty' });
    const long = 'the box '.repeat(20);
    const { receipt: cut } = await distribution({ text: long });
    assert.equal(cut.droppedTokens, model.tokenizer.encode(long).length - contextLength);
  });

  test('a head or position that does not exist is named', async () => {
    const refuses = (without: HeadIndex[], facts: object) =>
      assert.rejects(distribution({ without }), { code: 'option-invalid', facts });
    await refuses([{ layer: layers, head: 0 }], { option: 'without.layer', value: 3, expected: '0 … 2' });
    await refuses([{ layer: 0, head: heads }], { option: 'without.head', value: 4, expected: '0 … 3' });
    await assert.rejects(distribution({ at: { kind: 'token', index: 0 } }), { code: 'first-token' });
    await assert.rejects(distribution({ at: { kind: 'token', index: 99 } }), { code: 'position-invalid' });
  });
});

describe('what was read', () => {
  test('is not read again, whatever the cut, and however the heads are switched', async (t) => {
    const { fresh, rows } = await countingModel(t, modelDir);
    const ask = async (changes: Partial<DistributionParams>) => {
      const result = await distributionWith(
        fresh,
        distributionRequest({ modelDir, text, ...changes }),
        Run.detached(),
      );
      return { read: rows(), numbers: numbers(result) };
    };
    const length = fresh.tokenizer.encode(text).length;
    const whole = await ask({});
    assert.equal(whole.read, length);
    for (const cut of [{ temperature: 0.5 }, { topK: 3 }, { topP: 0.4 }, { top: 100 }, {}]) {
      assert.equal((await ask(cut)).read, 0);
    }
    const without = [{ layer: 1, head: 2 }];
    const off = await ask({ without });
    assert.equal(off.read, length, 'all of it, with the head switched off');
    assert.notDeepEqual(off.numbers, whole.numbers);
    assert.equal((await ask({ without, temperature: 2 })).read, 0);
    assert.deepEqual(await ask({}), { ...whole, read: 0 });
    assert.equal((await ask({ text: `${text}!` })).read, 1, 'the kept reading is of the whole model');
  });

  test('is kept for the whole model only, not without heads', async () => {
    const fresh = await openModel(modelDir, 'interactive');
    const request = distributionRequest({ modelDir, text, without: [{ layer: 0, head: 0 }] });
    await distributionWith(fresh, request, Run.detached());
    assert.equal(fresh.memory.readings.bytes, 0);
    await fresh.dispose();
  });
});

describe('without heads', () => {
  const layerOff = (layer: number) => Array.from({ length: heads }, (_, head) => ({ layer, head }));

  test('all heads of a layer: its output projection writes its bias alone', async (t) => {
    for (const layer of [0, 2]) {
      const zeroed = await openModel(
        writeCheckpoint(path.join(folder, `zeroed-${layer}`), {
          ...size,
          values: (name, values) => name === `h.${layer}.attn.c_proj.weight` && values.fill(0),
        }),
        'interactive',
      );
      t.after(() => zeroed.dispose());
      const off = await distribution({ without: layerOff(layer), top: 50 });
      const expected = await distributionWith(
        zeroed,
        distributionRequest({ modelDir, text, top: 50 }),
        Run.detached(),
      );
      assertNear(numbers(off), numbers(expected), { relative: 1e-5 }, `layer ${layer}`);
      assert.deepEqual(off.receipt.without, layerOff(layer));
    }
  });

  test('one head: its rows of the output projection are zeros', async (t) => {
    const [layer, head, D] = [1, 3, 4];
    const zeroed = await openModel(
      writeCheckpoint(path.join(folder, 'one'), {
        ...size,
        values: (name, values) =>
          name === `h.${layer}.attn.c_proj.weight` && values.fill(0, head * D * 16, (head + 1) * D * 16),
      }),
      'interactive',
    );
    t.after(() => zeroed.dispose());
    for (const bos of [false, true]) {
      const off = await distribution({ without: [{ layer, head }], bos });
      const request = distributionRequest({ modelDir, text, bos });
      const expected = await distributionWith(zeroed, request, Run.detached());
      assertNear(numbers(off), numbers(expected), { relative: 1e-5 }, `BOS ${bos}`);
    }
  });

  test('gives the same read in slices as read at once, and the model itself with no head switched off', async (t) => {
    const ids = model.tokenizer.encode(text).map(({ id }) => id);
    const read = async (without: HeadIndex[]) => {
      const residual = await new Sequence(model, headMaskWithout(model.config, without)).read(
        ids,
        Run.detached(),
      );
      return (await distributionAt(model, residual.subarray(-16), 5, Run.detached())).logits;
    };
    const without = [
      { layer: 0, head: 1 },
      { layer: 2, head: 0 },
    ];
    const atOnce = await read(without);
    const plain = await new Sequence(model).read(ids, Run.detached());
    const { logits } = await distributionAt(model, plain.subarray(-16), 5, Run.detached());
    assertNear(await read([]), logits, { relative: 1e-5 }, 'none');
    t.mock.getter(model.programs.pace.decode, 'rows', () => 2);
    assertNear(await read(without), atOnce, { relative: 1e-5 }, 'slices');
  });

  test('is cancelled between slices, and keeps nothing', async (t) => {
    const fresh = await openModel(modelDir, 'interactive');
    t.after(() => fresh.dispose());
    t.mock.getter(fresh.programs.pace.decode, 'rows', () => 2);
    const controller = new AbortController();
    const seen: number[] = [];
    const run = new Run<Progress>(controller.signal, ({ done }) => {
      seen.push(done);
      if (done >= 4) controller.abort();
    });
    const request = distributionRequest({ modelDir, text, without: [{ layer: 0, head: 0 }] });
    await assert.rejects(distributionWith(fresh, request, run), { code: 'cancelled' });
    assert.deepEqual([seen, fresh.memory.readings.bytes], [[2, 4], 0]);
    assert.equal((await distributionWith(fresh, request, Run.detached())).candidates.length, 5);
  });
});

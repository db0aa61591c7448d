/** What the prediction loses without a head or an MLP, against the same model with that part taken out of its weights. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import { headMaskWithout } from '../../../../src/inference/gpt2/headMask.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { importance as importanceWith } from '../../../../src/inference/verbs/importance.ts';
import type { ImportanceParams, Progress } from '../../../../src/protocol/engine.ts';
import type { PartialImportance } from '../../../../src/protocol/results.ts';
import { type CheckpointOptions, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { explainRequest, importanceRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, heads, contextLength] = [3, 4, 24];
const text = 'a 🙂 in the box';
const folder = temporaryFolder({ after });
const size = { layers, heads, width: 16, contextLength, vocabularySize: 300, seed: 13 };
const modelDir = writeCheckpoint(path.join(folder, 'model'), size);
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const importance = (
  changes: Partial<ImportanceParams> = {},
  run: Run<Progress<PartialImportance>> = Run.detached(),
) => importanceWith(model, importanceRequest({ modelDir, text, ...changes }), run);

const idsOf = (bos: boolean) => [
  ...(bos ? [model.tokenizer.endOfText] : []),
  ...model.tokenizer.encode(text).map(({ id }) => id),
];

/** The logits after `ids`, the whole sequence read by the plain decode graph. */
async function logitsOf(of: Gpt2, ids: readonly number[], headMask: Float32Array | null) {
  const residual = await new Sequence(of, headMask).read(ids, Run.detached());
  const last = residual.subarray(-of.config.width);
  return (await distributionAt(of, last, 2, Run.detached())).logits;
}

async function modelWith(t: TestContext, name: string, options: CheckpointOptions): Promise<Gpt2> {
  const changed = await openModel(
    writeCheckpoint(path.join(folder, name), { ...size, ...options }),
    'interactive',
  );
  t.after(() => changed.dispose());
  return changed;
}

describe('importance', () => {
  for (const bos of [false, true]) {
    test(`of every head is f minus f of the decode graph without it${bos ? ', BOS first' : ''}`, async () => {
      const { ofHeads, value, receipt, ...shape } = await importance({ bos });
      assert.deepEqual([shape.layers, shape.heads, ofHeads.length], [layers, heads, layers * heads]);
      const { target, foil } = receipt as { target: number; foil: number };
      const f = (logits: Float32Array) => (logits[target] as number) - (logits[foil] as number);
      const ids = idsOf(bos);
      assertNear([value], [f(await logitsOf(model, ids, null))], { relative: 1e-5 }, 'f');
      const expected: number[] = [];
      for (let layer = 0; layer < layers; layer++) {
        for (let head = 0; head < heads; head++) {
          const mask = headMaskWithout(model.config, [{ layer, head }]);
          expected.push(value - f(await logitsOf(model, ids, mask)));
        }
      }
      assertNear(ofHeads, expected, { relative: 1e-4 }, 'heads');
      assert.ok(new Set(expected).size === expected.length, 'no two are the same');
    });
  }

  test('of every MLP is f minus f of the model whose MLP writes nothing', async (t) => {
    const { ofMlps, value, receipt } = await importance();
    const { target, foil } = receipt as { target: number; foil: number };
    const expected: number[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const without = await modelWith(t, `mlp-${layer}`, {
        values: (name, values) => name.startsWith(`h.${layer}.mlp.c_proj`) && values.fill(0),
      });
      const logits = await logitsOf(without, idsOf(false), null);
      expected.push(value - ((logits[target] as number) - (logits[foil] as number)));
    }
    assertNear(ofMlps, expected, { relative: 1e-4 }, 'MLPs');
  });

  test('of a head that writes nothing is 0, of the others not', async (t) => {
    const [layer, head, D] = [1, 2, 4];
    const mute = await modelWith(t, 'mute', {
      values: (name, values) =>
        name === `h.${layer}.attn.c_proj.weight` && values.fill(0, head * D * 16, (head + 1) * D * 16),
    });
    const { ofHeads } = await importanceWith(mute, importanceRequest({ modelDir, text }), Run.detached());
    for (const [index, lost] of ofHeads.entries()) {
      if (index === layer * heads + head) assert.ok(Math.abs(lost) < 1e-6, `${lost}`);
      else assert.ok(Math.abs(lost) > 1e-6, `${index}: ${lost}`);
    }
  });

  test('target and foil are chosen as for an explanation, at any position', async () => {
    for (const at of [{ kind: 'end' }, { kind: 'token', index: 4 }, { kind: 'offset', offset: 6 }] as const) {
      const seen = await importance({ at, bos: true });
      const request = explainRequest({ modelDir, text, at, bos: true, method: 'gradient-norm' });
      const expected = await explain(model, request, Run.detached());
      assert.deepEqual(
        [seen.target.id, seen.foil?.id, seen.receipt.at, seen.target.text, seen.foil?.text],
        [
          ...[expected.target.id, expected.foil?.id, expected.target.position],
          ...[expected.target.text, expected.foil?.text],
        ],
      );
      assertNear(
        [seen.value, seen.target.probability, seen.foil?.probability ?? 0],
        [expected.value, expected.target.probability, expected.foil?.probability ?? 1],
        { relative: 1e-5 },
        at.kind,
      );
    }
    const chosen = await importance({ target: { kind: 'text', text: 'x' }, foil: { kind: 'id', id: 7 } });
    assert.deepEqual([chosen.target.text, chosen.receipt.foil], ['x', 7]);
    const actual = await importance({ at: { kind: 'token', index: 3 }, target: { kind: 'actual' } });
    assert.equal(actual.target.id, idsOf(false)[3]);
  });

  test('without a foil f is the logit of the target', async () => {
    const { value, foil, receipt, target } = await importance({ foil: { kind: 'none' } });
    assert.deepEqual([foil, receipt.foil], [null, null]);
    const logits = await logitsOf(model, idsOf(false), null);
    assertNear([value], [logits[target.id] as number], { relative: 1e-5 }, 'logit');
  });

  test('of a model of one layer', async (t) => {
    const shallow = await modelWith(t, 'shallow', { layers: 1 });
    const { ofHeads, receipt, value } = await importanceWith(
      shallow,
      importanceRequest({ modelDir, text }),
      Run.detached(),
    );
    const { target, foil } = receipt as { target: number; foil: number };
    const mask = headMaskWithout(shallow.config, [{ layer: 0, head: 3 }]);
    const logits = await logitsOf(shallow, idsOf(false), mask);
    const expected = value - ((logits[target] as number) - (logits[foil] as number));
    assertNear([ofHeads[3] as number], [expected], { relative: 1e-4 }, 'head');
  });

  test('impossible parameters are named', async () => {
    const facts = { text: 'is it', count: model.tokenizer.encode('is it').length };
    await assert.rejects(importance({ foil: { kind: 'text', text: 'is it' } }), (error: never) => {
      const { code, facts: told } = error as { code: string; facts: object };
      assert.deepEqual({ ...told, ...facts }, told);
      return code === 'token-not-single';
    });
    await assert.rejects(importance({ target: { kind: 'id', id: 300 } }), { code: 'token-unknown' });
    const same = { kind: 'id', id: 9 } as const;
    await assert.rejects(importance({ target: same, foil: same }), { code: 'foil-is-target' });
    await assert.rejects(importance({ target: { kind: 'actual' } }), { code: 'option-invalid' });
    await assert.rejects(importance({ text: '' }), { code: 'text-empty' });
    await assert.rejects(importance({ at: { kind: 'token', index: 0 } }), { code: 'first-token' });
  });

  test('a text that is too long loses its front', async () => {
    const long = 'the box '.repeat(20);
    const { receipt } = await importance({ text: long });
    assert.equal(receipt.droppedTokens, model.tokenizer.encode(long).length - contextLength);
  });
});

describe('on the way', () => {
  for (const sequences of [heads + 1, 2]) {
    test(`${sequences} parts at once: partial answers have known values, which stay, and NaN for the rest`, async (t) => {
      t.mock.getter(model.programs.pace.layer, 'rows', () => sequences * idsOf(false).length);
      await tellsWhatIsKnown(layers * Math.ceil((heads + 1) / sequences) - 1);
    });
  }

  async function tellsWhatIsKnown(times: number): Promise<void> {
    const told: { done: number; partial: PartialImportance }[] = [];
    const run = new Run<Progress<PartialImportance>>(
      new AbortController().signal,
      ({ done, total, partial, stage }) => {
        if (stage === 'explaining') assert.equal(total, layers * (heads + 1));
        if (partial) told.push({ done, partial });
      },
    );
    const result = await importance({}, run);
    assert.equal(told.length, times);
    for (const { done, partial } of told) {
      const known = [...partial.ofHeads, ...partial.ofMlps].filter((one) => !Number.isNaN(one));
      assert.equal(known.length, done);
      assert.equal(partial.value, result.value);
      for (const key of ['ofHeads', 'ofMlps'] as const) {
        for (const [index, one] of partial[key].entries()) {
          assert.ok(Number.isNaN(one) || one === result[key][index]);
        }
      }
    }
    assert.ok([...result.ofHeads, ...result.ofMlps].every(Number.isFinite));
  }

  test('slices of any size give the same', async (t) => {
    const whole = await importance();
    for (const sequences of [1, 2, 3]) {
      t.mock.getter(model.programs.pace.layer, 'rows', () => sequences * idsOf(false).length);
      const sliced = await importance();
      for (const key of ['ofHeads', 'ofMlps'] as const) {
        assertNear(sliced[key], whole[key], { relative: 1e-4 }, `${sequences} at once: ${key}`);
      }
    }
  });

  test('other requests run after every layer of every slice', async (t) => {
    t.mock.getter(model.programs.pace.layer, 'rows', () => 1);
    const run = Run.detached<Progress<PartialImportance>>();
    const breathe = t.mock.method(run, 'breathe');
    await importance({}, run);
    // One part at a time: through all layers from its own on.
    const passes = (heads + 1) * ((layers * (layers + 1)) / 2);
    assert.ok(breathe.mock.callCount() >= passes, `${breathe.mock.callCount()} of ${passes}`);
  });

  test('a cancellation ends it at the next slice, even within a layer', async (t) => {
    t.mock.getter(model.programs.pace.layer, 'rows', () => 1);
    const controller = new AbortController();
    let slices = 0;
    const time = model.programs.pace.layer.time.bind(model.programs.pace.layer);
    t.mock.method(model.programs.pace.layer, 'time', (rows: number, work: () => Promise<unknown>) => {
      if (++slices === 7) controller.abort();
      return time(rows, work);
    });
    const run = new Run<Progress<PartialImportance>>(controller.signal, () => {});
    await assert.rejects(importance({}, run), { code: 'cancelled' });
    assert.equal(slices, 7);
  });
});

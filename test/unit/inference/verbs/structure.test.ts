/** What a checkpoint consists of, against sums over its weights one by one. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { structure } from '../../../../src/inference/verbs/structure.ts';
import type { Progress } from '../../../../src/protocol/engine.ts';
import { type CheckpointOptions, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const folder = temporaryFolder({ after });
const [layers, heads, width, inner] = [2, 3, 18, 20];
let count = 0;

async function open(t: TestContext, options: CheckpointOptions = {}): Promise<Gpt2> {
  const dir = writeCheckpoint(path.join(folder, `${count++}`), {
    ...{ layers, heads, width, inner, contextLength: 20, vocabularySize: 300, seed: 21, ...options },
  });
  const model = await openModel(dir, 'interactive');
  t.after(() => model.dispose());
  return model;
}

const ask = (model: Gpt2, run: Run<Progress> = Run.detached()) =>
  structure(model, { modelDir: model.checkpoint.folder }, run);

const valuesOf = ({ checkpoint: { weights } }: Gpt2, name: string) => {
  const shape = weights.index.get(name)?.shape ?? [];
  return weights.values(
    name,
    0,
    shape.reduce((product, size) => product * size, 1),
  );
};

test('lists every weight in the order of the forward pass, with the sums over its values', async (t) => {
  const model = await open(t, {
    tied: false,
    // Six root mean squares of 18 values cannot be passed by one alone: (18 − 1) < 6² = 36.
    values(name, values) {
      if (name === 'wte.weight') [values[7], values[5000]] = [2, -3];
    },
  });
  const { weights, config, info } = await ask(model);
  assert.deepEqual(
    weights.map(({ name }) => name),
    [...model.checkpoint.weights.index.keys()],
  );
  assert.deepEqual([weights[0]?.name, weights.at(-1)?.name], ['wte.weight', 'lm_head.weight']);
  for (const { name, parameters, bytes, dtype, shape, ...facts } of weights) {
    const values = [...valuesOf(model, name)];
    assert.deepEqual([parameters, bytes, dtype], [values.length, 4 * values.length, 'F32']);
    assert.equal(
      shape.reduce((product, size) => product * size, 1),
      values.length,
    );
    const norm = Math.hypot(...values);
    const rms = norm / Math.sqrt(values.length);
    assertNear([facts.norm, facts.rms], [norm, rms], { relative: 1e-12 }, name);
    assert.equal(facts.most, Math.max(...values.map(Math.abs)));
    assert.equal(facts.outliers, values.filter((value) => Math.abs(value) > 6 * rms).length, name);
  }
  assert.equal(weights[0]?.outliers, 2);
  const { parameters } = model.checkpoint;
  assert.equal(
    weights.reduce((sum, weight) => sum + weight.parameters, 0),
    parameters,
  );
  assert.deepEqual(config, {
    ...{ layers, heads, width, inner, contextLength: 20, vocabularySize: 300 },
    ...{ activation: 'gelu_new', tied: false },
  });
  const { folder: where, name } = model.checkpoint;
  assert.deepEqual(info, {
    name,
    sha256: await model.checkpoint.fingerprint.of(Run.detached()),
    folder: where,
  });
});

test('what heads and MLPs can write is the norm of the product of their matrices', async (t) => {
  const model = await open(t);
  const { ofHeads, ofMlps } = await ask(model);
  const size = width / heads;
  const expected: number[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const qkv = valuesOf(model, `h.${layer}.attn.c_attn.weight`);
    const out = valuesOf(model, `h.${layer}.attn.c_proj.weight`);
    for (let head = 0; head < heads; head++) {
      const product: number[] = [];
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          let sum = 0;
          for (let d = head * size; d < (head + 1) * size; d++) {
            sum += qkv[i * 3 * width + 2 * width + d]! * out[d * width + j]!;
          }
          product.push(sum);
        }
      }
      expected.push(Math.hypot(...product));
    }
  }
  assertNear(ofHeads, expected, { relative: 1e-6 }, 'heads');
  const norm = (name: string) => Math.hypot(...valuesOf(model, name));
  const mlps = [0, 1].map(
    (layer) => norm(`h.${layer}.mlp.c_fc.weight`) * norm(`h.${layer}.mlp.c_proj.weight`),
  );
  assertNear(ofMlps, mlps, { relative: 1e-6 }, 'MLPs');
});

test('type and bytes are those of the file, not those of the unpacked copy', async (t) => {
  for (const dtype of ['F16', 'BF16'] as const) {
    const model = await open(t, { dtype });
    const { weights, config } = await ask(model);
    assert.equal(config.tied, true);
    for (const weight of weights) {
      assert.deepEqual([weight.dtype, weight.bytes], [dtype, 2 * weight.parameters], weight.name);
      assertNear(
        [weight.norm],
        [Math.hypot(...valuesOf(model, weight.name))],
        { relative: 1e-12 },
        weight.name,
      );
    }
  }
});

test('a tensor of many slices is one tensor', async (t) => {
  const model = await open(t, { ...{ layers: 1, heads: 1, width: 600, vocabularySize: 3600 }, inner: 8 });
  const { weights } = await ask(model);
  const [wte] = weights;
  const values = valuesOf(model, 'wte.weight');
  assert.ok(values.length > 2 ** 21);
  let squares = 0;
  for (const value of values) squares += value * value;
  assertNear([wte?.norm ?? 0], [Math.sqrt(squares)], { relative: 1e-12 }, 'norm');
});

test('reports progress in parameters, can be cancelled, and refuses NaN', async (t) => {
  const model = await open(t);
  const told: Progress[] = [];
  await ask(model, new Run<Progress>(new AbortController().signal, (progress) => told.push(progress)));
  const total = model.checkpoint.parameters;
  assert.ok(told.every((one) => one.total === total && one.done < total));
  assert.ok(told.every(({ done }, index) => index === 0 || done > told[index - 1]!.done));
  const controller = new AbortController();
  const run = new Run<Progress>(controller.signal, ({ done }) => {
    if (done > 0) controller.abort();
  });
  await assert.rejects(ask(model, run), { code: 'cancelled' });
  const damaged = await open(t, {
    values(name, values) {
      if (name === 'h.1.mlp.c_fc.bias') values[3] = Number.NaN;
    },
  });
  await assert.rejects(ask(damaged), { code: 'tensor-not-finite' });
});

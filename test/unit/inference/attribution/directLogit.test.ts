/** Direct logit attribution against the same sums made naively from the weights, in double precision. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, mock, test } from 'node:test';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain as explainWith } from '../../../../src/inference/verbs/explain.ts';
import type { ExplainParams, Progress } from '../../../../src/protocol/engine.ts';
import type { Explanation, PartialExplanation } from '../../../../src/protocol/results.ts';
import { type CheckpointOptions, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { explainRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const contextLength = 24;
const text = 'a 🙂 in the box';
const folder = temporaryFolder({ after });
const size = { layers: 3, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 21 };
const opened: Gpt2[] = [];
after(async () => {
  for (const model of opened) await model.dispose();
});

async function open(name: string, options: CheckpointOptions = {}): Promise<Gpt2> {
  const model = await openModel(
    writeCheckpoint(path.join(folder, name), { ...size, ...options }),
    'interactive',
  );
  // In one piece, however busy the machine is: where a text is cut, its numbers are rounded otherwise.
  mock.getter(model.programs.pace.decode, 'rows', () => contextLength);
  opened.push(model);
  return model;
}

const tied = open('tied');
const models = {
  tied,
  untied: open('untied', { tied: false, scaleAttentionByInverseLayer: true, seed: 22 }),
  'of one layer and one head': open('small', { layers: 1, heads: 1, scaleAttention: false, seed: 23 }),
};

const explain = (
  model: Gpt2,
  changes: Partial<ExplainParams> = {},
  run: Run<Progress<PartialExplanation>> = Run.detached(),
) => {
  const modelDir = model.checkpoint.folder;
  return explainWith(model, explainRequest({ modelDir, text, method: 'direct-logit', ...changes }), run);
};

const idsOf = (model: Gpt2, bos: boolean) => [
  ...(bos ? [model.tokenizer.endOfText] : []),
  ...model.tokenizer.encode(text).map(({ id }) => id),
];

const sum = (values: Iterable<number>) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, at) => value * b[at]!));
const plus = (a: readonly number[], b: readonly number[]) => a.map((value, at) => value + b[at]!);

/** The rows `[1 + 2L][id]`, the heads `[L][H]`, what belongs to no id, and f, of the prediction after the last id. */
function naively(
  { checkpoint: { weights, config } }: Gpt2,
  ids: readonly number[],
  target: number,
  foil: number | null,
) {
  const { layers, heads, width: C, layerNormEpsilon } = config;
  const D = C / heads;
  const vector = (name: string) => {
    const { shape } = weights.index.get(name)!;
    return Array.from(
      weights.values(
        name,
        0,
        shape.reduce((product, one) => product * one, 1),
      ),
    );
  };
  const row = (name: string, at: number) => Array.from(weights.rows(name, [at]));
  const norm = (name: string, x: readonly number[]) => {
    const mean = sum(x) / C;
    const deviation = Math.sqrt(sum(x.map((value) => (value - mean) ** 2)) / C + layerNormEpsilon);
    const [gain, bias] = [vector(`${name}.weight`), vector(`${name}.bias`)];
    return {
      y: x.map((value, c) => ((value - mean) / deviation) * gain[c]! + bias[c]!),
      deviation,
      gain,
      bias,
    };
  };
  const linear = (name: string, x: readonly number[]) => {
    const [matrix, bias] = [vector(`${name}.weight`), vector(`${name}.bias`)];
    return bias.map(
      (one, column) => one + sum(x.map((value, at) => value * matrix[at * bias.length + column]!)),
    );
  };
  const gelu = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

  let streams = ids.map((id, at) => plus(row('wte.weight', id), row('wpe.weight', at)));
  const last = ids.length - 1;
  /** What is written at the last id: by `[row][id]`, and by nobody's. */
  const written: number[][][] = [ids.map((_, at) => (at === last ? streams[last]! : Array(C).fill(0)))];
  const unowned: number[][] = [];
  /** `[layer][head]`, at the last id. */
  const byHead: number[][][] = [];
  for (let layer = 0; layer < layers; layer++) {
    const name = `h.${layer}`;
    const qkv = streams.map((h) => linear(`${name}.attn.c_attn`, norm(`${name}.ln_1`, h).y));
    const projection = vector(`${name}.attn.c_proj.weight`);
    const bias = vector(`${name}.attn.c_proj.bias`);
    const scale =
      (config.scaleAttention ? 1 / Math.sqrt(D) : 1) / (config.scaleAttentionByInverseLayer ? layer + 1 : 1);
    /** By source. */
    const moved = (query: number, ofHead: number | null = null) => {
      const bySource = ids.map(() => Array<number>(C).fill(0));
      for (let head = ofHead ?? 0; head < (ofHead === null ? heads : ofHead + 1); head++) {
        const part = (at: number, which: number) =>
          qkv[at]!.slice(which * C + head * D, which * C + (head + 1) * D);
        const scores = ids
          .slice(0, query + 1)
          .map((_, at) => Math.exp(scale * dot(part(query, 0), part(at, 1))));
        for (const [at, score] of scores.entries()) {
          const value = part(at, 2);
          for (let c = 0; c < C; c++) {
            const along = sum(value.map((one, d) => one * projection[(head * D + d) * C + c]!));
            bySource[at]![c]! += (score / sum(scores)) * along;
          }
        }
      }
      return bySource;
    };
    const middle = streams.map((h, query) => moved(query).reduce(plus, plus(h, bias)));
    const mlp = middle.map((h) =>
      linear(`${name}.mlp.c_proj`, linear(`${name}.mlp.c_fc`, norm(`${name}.ln_2`, h).y).map(gelu)),
    );
    written.push(
      moved(last),
      ids.map((_, at) => (at === last ? mlp[last]! : Array(C).fill(0))),
    );
    byHead.push(Array.from({ length: heads }, (_, head) => moved(last, head).reduce(plus)));
    unowned.push(bias);
    streams = middle.map((h, at) => plus(h, mlp[at]!));
  }

  const unembedding = config.tied ? 'wte.weight' : 'lm_head.weight';
  const logit = (id: number, y: readonly number[]) => dot(row(unembedding, id), y);
  const contrast = (y: readonly number[]) => logit(target, y) - (foil === null ? 0 : logit(foil, y));
  const { y, deviation, gain, bias } = norm('ln_f', streams[last]!);
  const direct = (part: readonly number[]) =>
    contrast(part.map((value, c) => ((value - sum(part) / C) / deviation) * gain[c]!));
  return {
    rows: written.map((byId) => byId.map(direct)),
    heads: byHead.map((layer) => layer.map(direct)),
    rest: contrast(bias) + sum(unowned.map(direct)),
    value: contrast(y),
  };
}

/** An answer against the naive sums. */
function compare(model: Gpt2, ids: readonly number[], firstId: number, answer: Explanation): void {
  const { tokens, layers, receipt, value, baselineValue, delta } = answer;
  const expected = naively(model, ids, receipt.target, receipt.foil[0] ?? null);
  const inside = expected.rows.map((row) => tokens.map((_, at) => row[firstId + at] ?? 0));
  const outside = sum(expected.rows.flat()) - sum(inside.flat());
  const largest = Math.max(...expected.rows.flat().map(Math.abs));
  const allowed = { relative: 0, floor: 2e-6 * largest };
  assert.equal(layers?.rows, 1 + 2 * model.config.layers);
  const contributions = layers?.contributions ?? new Float32Array();
  assertNear(contributions, inside.flat(), allowed, 'rows');
  for (const [at, { score }] of tokens.entries()) {
    const column = sum(contributions.filter((_, index) => index % tokens.length === at));
    assertNear([score], [column], { relative: 1e-12, floor: 1e-12 }, `column ${at}`);
  }
  assertNear([value], [expected.value], { relative: 1e-5, floor: 2e-6 * largest }, 'f(x)');
  assertNear([baselineValue], [expected.rest + outside], { relative: 0, floor: 1e-5 * largest }, 'rest');
  const parts = answer.components!;
  const ofLayer = (row: number) => sum(expected.rows[row]!);
  const ofHeads = expected.heads.flat();
  const byLayer = Array.from({ length: model.config.layers }, (_, layer) => layer);
  const near = { relative: 0, floor: 4e-6 * largest };
  assertNear(parts.heads, ofHeads, near, 'heads');
  assertNear(
    parts.mlps,
    byLayer.map((layer) => ofLayer(2 + 2 * layer)),
    near,
    'MLPs',
  );
  assertNear([parts.embedding, parts.biases], [ofLayer(0), expected.rest], near, 'embedding and biases');
  assertNear(
    [sum(parts.heads) + sum(parts.mlps) + parts.embedding + parts.biases],
    [value],
    { relative: 0, floor: 1e-5 * largest },
    'Σ of the parts',
  );
  assert.ok(delta !== null && Math.abs(delta) <= 1e-5 * largest, `δ = ${delta}`);
  const scores = sum(tokens.map(({ score }) => score));
  assertNear([scores + baselineValue], [value], { relative: 0, floor: 1e-5 * largest }, 'Σ + rest');
}

for (const [name, opening] of Object.entries(models)) {
  describe(`a model ${name}`, () => {
    for (const bos of [false, true]) {
      for (const objective of ['contrast', 'logit'] as const) {
        test(`each row agrees with the weights: ${objective}${bos ? ', BOS first' : ''}`, async () => {
          const model = await opening;
          const answer = await explain(model, { bos, objective });
          assert.equal(answer.receipt.foil.length, objective === 'contrast' ? 1 : 0);
          compare(model, idsOf(model, bos), bos ? 1 : 0, answer);
          if (!bos) return;
          const { baselineValue } = answer;
          const alone = naively(
            model,
            idsOf(model, bos),
            answer.receipt.target,
            answer.receipt.foil[0] ?? null,
          );
          assert.ok(Math.abs(baselineValue - alone.rest) > 1e-4, 'BOS is in the rest');
        });
      }
    }

    test('of a range', async () => {
      const model = await opening;
      // The predicting token is explained, and is not.
      for (const range of [
        { start: 4, end: text.length },
        { start: 1, end: 9 },
      ]) {
        const answer = await explain(model, { bos: true, range });
        const firstId = 1 + model.tokenizer.encode(text).findIndex(({ end }) => end > range.start);
        compare(model, idsOf(model, true), firstId, answer);
        const ofLast = answer.layers?.contributions.slice(0, answer.tokens.length) ?? [];
        assert.equal(
          ofLast.some((one) => one !== 0),
          range.end === text.length,
          'the embedding is the predicting token’s',
        );
      }
    });

    test('inside the text, tokens after the prediction contribute nothing', async () => {
      const model = await opening;
      const at = { kind: 'token', index: 6 } as const;
      const answer = await explain(model, { at });
      const ids = idsOf(model, false);
      assert.equal(answer.tokens.length, ids.length);
      compare(model, ids.slice(0, 6), 0, answer);
      const { contributions } = answer.layers!;
      assert.ok(contributions.every((one, index) => index % ids.length < 6 || one === 0));
    });

    test('after one token', async () => {
      const model = await opening;
      const answer = await explain(model, { text: 'a', range: { start: 0, end: 1 } });
      compare(model, idsOf(model, false).slice(0, 1), 0, answer);
    });
  });
}

describe('f(x)', () => {
  test('is that of the distribution', async () => {
    const model = await tied;
    const { value, target, foil, next } = await explain(model);
    const residual = await new Sequence(model).read(idsOf(model, false), Run.detached());
    const { logits } = await distributionAt(model, residual.subarray(-16), 2, Run.detached());
    assertNear([value], [logits[target.id]! - logits[foil!.id]!], { relative: 1e-5 }, 'contrast');
    assert.equal(value, next[0]!.logit - next[1]!.logit);
  });

  test('is the same by another method', async () => {
    const model = await tied;
    const other = await explain(model, { method: 'gradient-norm' });
    const answer = await explain(model);
    assertNear([answer.value], [other.value], { relative: 1e-5, floor: 1e-5 }, 'f(x)');
    assert.equal(other.layers, null);
  });
});

describe('what is refused', () => {
  test('an objective that is not linear', async () => {
    for (const objective of ['log-prob', 'probability'] as const) {
      const facts = { option: 'objective', value: objective, expected: 'contrast | logit' };
      await assert.rejects(explain(await tied, { objective }), { code: 'option-invalid', facts });
    }
  });

  test('a foil of several tokens, before anything is read', async (t) => {
    const { fresh, rows } = await countingModel(t, (await tied).checkpoint.folder);
    const foil = { kind: 'text', text: 'zq!' } as const;
    await assert.rejects(explain(fresh, { foil }), { code: 'token-not-single' });
    assert.equal(rows(), 0);
    const { foil: seen } = await explain(fresh, { foil, objective: 'logit' });
    assert.equal(seen, null);
  });

  test('a foil of several tokens is accepted by the other methods', async () => {
    const foil = { kind: 'text', text: 'zq!' } as const;
    const { layers } = await explain(await tied, { foil, method: 'occlusion' });
    assert.equal(layers, null);
  });
});

describe('the work', () => {
  test('one token is read once more, and nothing is evaluated', async (t) => {
    const { fresh, rows } = await countingModel(t, (await tied).checkpoint.folder);
    const { evaluations } = await explain(fresh);
    assert.equal(rows(), idsOf(fresh, false).length + 1);
    assert.equal(evaluations, 1);
    await explain(fresh, { objective: 'logit' });
    assert.equal(rows(), 2, 'what was read is still known');
  });

  test('the same question gives the same answer, whatever was asked in between', async () => {
    const model = await tied;
    const first = await explain(model, { bos: true });
    await explain(model, { bos: true, at: { kind: 'token', index: 4 } });
    await explain(model, { bos: true, method: 'occlusion' });
    const second = await explain(model, { bos: true });
    assert.equal(second.layers?.rows, first.layers?.rows);
    // What was read one by one is not to the last bit what was read together.
    const read = ({ layers }: Explanation) => layers?.contributions ?? [];
    assertNear(read(second), read(first), { relative: 1e-5 }, 'rows');
  });

  test('other requests run after each layer, and a cancellation takes effect there', async (t) => {
    const model = await tied;
    const controller = new AbortController();
    const run = new Run<Progress<PartialExplanation>>(controller.signal, () => {});
    const asked: number[] = [];
    const { programs } = model;
    const writes = programs.writes.bind(programs);
    t.mock.method(programs, 'writes', (given: Run, layer: number) => {
      asked.push(layer);
      if (layer === 1) controller.abort();
      return writes(given, layer);
    });
    await assert.rejects(explain(model, {}, run), { code: 'cancelled' });
    assert.deepEqual(asked, [0, 1]);
    const breathing = Run.detached<Progress<PartialExplanation>>();
    t.mock.restoreAll();
    const breathe = t.mock.method(breathing, 'breathe');
    await explain(model, {}, breathing);
    assert.ok(breathe.mock.callCount() >= size.layers + 1);
  });

  test('a text that is too long loses its front', async () => {
    const model = await tied;
    const long = 'the box '.repeat(20);
    const answer = await explain(model, { text: long, range: { start: 0, end: long.length } });
    assert.equal(answer.tokens.length, contextLength);
    const ids = model.tokenizer.encode(long).map(({ id }) => id);
    compare(model, ids.slice(-contextLength), 0, answer);
  });
});

test('a weight that is not finite is named', async (t) => {
  const model = await openModel(
    writeCheckpoint(path.join(folder, 'damaged'), {
      ...size,
      values: (name, values) => name === 'h.1.attn.c_proj.bias' && values.fill(Number.NaN, 3, 4),
    }),
    'interactive',
  );
  t.after(() => model.dispose());
  await assert.rejects(explain(model), { code: 'tensor-not-finite' });
});

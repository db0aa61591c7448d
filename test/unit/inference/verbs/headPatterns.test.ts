/** What heads do on repeated random tokens, against the maps, and on heads whose behaviour was written into the weights. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Run } from '../../../../src/inference/run.ts';
import { headPatterns, patternScores, randomIds } from '../../../../src/inference/verbs/headPatterns.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { HeadPatternParams, Progress } from '../../../../src/protocol/engine.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const [layers, heads, contextLength, vocabularySize] = [2, 3, 24, 300];
const folder = temporaryFolder({ after });
const modelDir = writeCheckpoint(path.join(folder, 'model'), {
  ...{ layers, heads, width: 18, contextLength, vocabularySize, seed: 12 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const measure = (changes: Partial<HeadPatternParams> = {}, run: Run<Progress> = Run.detached()) =>
  headPatterns(model, { modelDir, seed: 3, length: 7, sequences: 3, ...changes }, run);

test('the scores are means of the weights that they are defined by', async (t) => {
  const [length, sequences] = [7, 3];
  const copies = [0, 1, 2].map((sequence) => randomIds(model, length, 3, sequence));
  const expected = {
    ...{ previous: new Float64Array(6), duplicate: new Float64Array(6) },
    ...{ induction: new Float64Array(6), first: new Float64Array(6) },
  };
  for (const copy of copies) {
    const n = 2 * length;
    await new Sequence(model).read([...copy, ...copy], Run.detached(), {
      patterns: {
        of: 'heads',
        layers: [0, 1],
        take(layer, pattern) {
          for (let head = 0; head < heads; head++) {
            for (let i = length; i < n; i++) {
              const weight = (key: number) => pattern[(head * n + i) * n + key]! / (length * sequences);
              const at = layer * heads + head;
              expected.previous[at] = expected.previous[at]! + weight(i - 1);
              expected.duplicate[at] = expected.duplicate[at]! + weight(i - length);
              expected.induction[at] = expected.induction[at]! + weight(i - length + 1);
              expected.first[at] = expected.first[at]! + weight(0);
            }
          }
        },
      },
    });
  }
  for (const atOnce of [2 ** 22, 30, 1]) {
    t.mock.property(model.programs.pace, 'patternWeights', atOnce);
    const result = await measure({ length, sequences });
    t.mock.restoreAll();
    assert.deepEqual([result.layers, result.heads, result.seed], [layers, heads, 3]);
    for (const name of ['previous', 'duplicate', 'induction', 'first'] as const) {
      assertNear(result[name], expected[name], { relative: 1e-5 }, `${name}, ${atOnce} at once`);
    }
  }
});

/** Queries and keys of one position each, and a large weight where one is to see the other. */
test('a head that looks at the token before, and one that looks at the first, are told apart', async (t) => {
  const length = 5;
  const n = 2 * length;
  // Wide enough that each position has a direction of its own; the tokens themselves are nothing.
  const width = 2 * n;
  const dir = writeCheckpoint(path.join(folder, 'hand-made'), {
    ...{ layers: 1, heads: 2, width, contextLength: n, vocabularySize: 260, scaleAttention: false },
    values(name, values) {
      if (name.endsWith('.weight') && name.includes('ln_')) return void values.fill(1);
      values.fill(0);
      // Position p is e_p, less its mean by layer normalisation, which is the same for all.
      if (name === 'wpe.weight') for (let p = 0; p < n; p++) values[p * width + p] = 1;
      if (name !== 'h.0.attn.c_attn.weight') return;
      const set = (row: number, column: number) => {
        values[row * 3 * width + column] = 10;
      };
      for (let p = 0; p < n; p++) {
        // Head 0: the query of p is the key of p − 1. Head 1: every query is the key of 0.
        if (p > 0) set(p, p - 1);
        set(p, width / 2);
        set(p, width + p);
        if (p === 0) set(p, width + width / 2);
      }
    },
  });
  const made = await openModel(dir, 'interactive');
  t.after(() => made.dispose());
  const params = { modelDir: dir, seed: 1, length, sequences: 2 };
  const { previous, first, induction, duplicate } = await headPatterns(made, params, Run.detached());
  assert.ok(previous[0]! > 0.99 && first[0]! < 0.01, `${previous[0]} ${first[0]}`);
  assert.ok(first[1]! > 0.99 && previous[1]! < 0.01, `${first[1]} ${previous[1]}`);
  assert.ok(Math.max(...induction) < 0.01);
  // The first token of the first copy is the first one's duplicate.
  assertNear(duplicate, [0, 1 / length], { relative: 0.05 }, 'duplicate');
});

test('the same seed gives the same tokens and scores, another one others', async () => {
  const once = await measure();
  assert.deepEqual(await measure(), once);
  const other = await measure({ seed: 4 });
  assert.notDeepEqual(other.induction, once.induction);
  assert.notDeepEqual(randomIds(model, 7, 3, 0), randomIds(model, 7, 3, 1));
});

test('random tokens are uniform over the vocabulary without its end of text', () => {
  for (const endOfText of [0, 2, 4]) {
    const of5 = {
      config: { ...model.config, vocabularySize: 5 },
      tokenizer: { ...model.tokenizer, endOfText },
    };
    const ids = randomIds(of5, 4000, 1, 0);
    const counts = Array.from({ length: 6 }, (_, id) => ids.filter((one) => one === id).length);
    assert.deepEqual([counts[endOfText], counts[5]], [0, 0]);
    // 1000 each with a deviation of 27.
    for (const [id, count] of counts.entries()) {
      if (id !== endOfText && id < 5) assert.ok(Math.abs(count - 1000) < 140, `${id}: ${count}`);
    }
  }
});

test('a copy is no longer than what fits twice', async (t) => {
  const most = await measure({ length: contextLength / 2, sequences: 1 });
  assert.equal(most.length, contextLength / 2);
  assert.deepEqual(await measure({ length: contextLength / 2 + 1, sequences: 1 }), most);
  const dir = writeCheckpoint(path.join(folder, 'narrow'), { layers, heads, width: 18, contextLength: 3 });
  const narrow = await openModel(dir, 'interactive');
  t.after(() => narrow.dispose());
  const params = { modelDir: dir, seed: 3, length: 7, sequences: 3 };
  const facts = { option: 'length', value: 7, expected: '2 … 1' };
  await assert.rejects(headPatterns(narrow, params, Run.detached()), { code: 'option-invalid', facts });
});

test('weights that are not numbers are refused', async (t) => {
  const dir = writeCheckpoint(path.join(folder, 'damaged'), {
    ...{ layers, heads, width: 18, contextLength, vocabularySize },
    values(name, values) {
      if (name === 'h.0.attn.c_attn.bias') values[2] = Number.NaN;
    },
  });
  const damaged = await openModel(dir, 'interactive');
  t.after(() => damaged.dispose());
  const params = { modelDir: dir, seed: 3, length: 7, sequences: 3 };
  await assert.rejects(headPatterns(damaged, params, Run.detached()), { code: 'tensor-not-finite' });
});

test('progress is told by sequences, it can be cancelled, and nothing of the text at hand is forgotten', async () => {
  await score(model, scoreRequest({ modelDir, text: 'the box' }), Run.detached());
  const { bytes } = model.memory.readings;
  const told: number[] = [];
  const report = ({ done, total }: Progress) => {
    told.push(done);
    assert.equal(total, 3);
  };
  await measure({}, new Run<Progress>(new AbortController().signal, report));
  assert.deepEqual(told, [0, 1, 2]);
  assert.deepEqual([model.memory.readings.bytes, model.memory.streams.bytes], [bytes, 0]);
  const controller = new AbortController();
  const run = new Run<Progress>(controller.signal, ({ done }) => {
    if (done === 1) controller.abort();
  });
  await assert.rejects(measure({}, run), { code: 'cancelled' });
  await assert.rejects(patternScores(model, [[1, 2]], run), { code: 'cancelled' });
});

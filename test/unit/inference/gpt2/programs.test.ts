/** What is compiled when, and for how long, with a backend that runs nothing. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import type { Checkpoint } from '../../../../src/inference/checkpoint/types.ts';
import { Programs } from '../../../../src/inference/gpt2/programs.ts';
import type { Graph } from '../../../../src/inference/onnx/graph.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { Backend } from '../../../../src/inference/runtime/backend.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { fakeProgram } from '../../../fixtures/fakeProgram.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const layers = 2;
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers, heads: 2, width: 16, contextLength: 48, vocabularySize: 300 },
});
let checkpoint: Checkpoint;
before(async () => {
  checkpoint = await openCheckpoint(modelDir);
});
after(() => checkpoint.dispose());

let compiled: Graph[];
let released: number;
let failure: Error | null;
beforeEach(() => {
  [compiled, released, failure] = [[], 0, null];
});
const backend: Backend = {
  capabilities: { flopsPerSecond: 1e9 },
  async compile(graph) {
    compiled.push(graph);
    await new Promise(setImmediate);
    if (failure) throw failure;
    const names = (values: Graph['inputs']) => values.map(({ name }) => name);
    const program = fakeProgram(names(graph.inputs), names(graph.outputs), () => ({}));
    return {
      ...program,
      async release() {
        released++;
      },
    };
  },
};
const noWordEnds = () => new Uint8Array(300);
const open = () => new Programs(checkpoint, backend, 'interactive', noWordEnds);

test('a program that two requests ask for at once is compiled once, and kept', async () => {
  const programs = open();
  const [one, other] = await Promise.all([programs.head(Run.detached()), programs.head(Run.detached())]);
  assert.equal(one, other);
  assert.equal(await programs.head(Run.detached()), one);
  assert.equal(compiled.length, 1);
  assert.notEqual(await programs.layer(Run.detached(), 0), await programs.layer(Run.detached(), 1));
  assert.equal(compiled.length, 3);
});

test('a failed compilation is tried again', async () => {
  const programs = open();
  failure = new Error('no memory');
  await assert.rejects(programs.head(Run.detached()), /no memory/);
  failure = null;
  await programs.head(Run.detached());
  assert.equal(compiled.length, 2);
});

test('a run that is cancelled meanwhile gets no program, but the next run does', async () => {
  const programs = open();
  const controller = new AbortController();
  const asked = programs.head(new Run(controller.signal, () => {}));
  controller.abort();
  await assert.rejects(asked, { code: 'cancelled' });
  await programs.head(Run.detached());
  assert.equal(compiled.length, 1);
});

test('stages hand on values by name, and no graph is cut twice in the same way', async () => {
  const programs = open();
  const variant = { objective: 'linear', prefix: true, hidden: false, gradient: true } as const;
  const stages = await programs.gradient(Run.detached(), variant, 4);
  assert.deepEqual(await programs.gradient(Run.detached(), variant, 4), stages);
  assert.equal(compiled.length, 4);
  const [whole] = await programs.gradient(Run.detached(), variant, 1);
  const known = new Set(whole?.inputNames);
  for (const { inputNames, outputNames } of stages) {
    for (const name of inputNames) assert.ok(known.has(name), name);
    for (const name of outputNames) known.add(name);
  }
  for (const name of whole?.outputNames ?? []) assert.ok(known.has(name), name);
});

test('stages are few: a power of two, at most one per product with weights', () => {
  const programs = open();
  assert.deepEqual(
    [0.1, 1, 1.1, 3, 4, 100].map((slices) => programs.stages(slices)),
    [1, 1, 2, 4, 4, 8],
  );
});

test('the programs of the default explanation are compiled ahead', async () => {
  const programs = open();
  await programs.warmUp(Run.detached());
  const made = compiled.length;
  await programs.head(Run.detached());
  await programs.gradient(
    Run.detached(),
    { objective: 'linear', prefix: true, hidden: false, gradient: true },
    1,
  );
  assert.equal(compiled.length, made);
});

test('all programs are released, also those that are being compiled', async () => {
  const programs = open();
  await programs.head(Run.detached());
  const last = programs.contrast(Run.detached());
  await programs.release();
  await last;
  assert.equal(released, 2);
});

test('the pace begins with the backend’s stated speed', () => {
  const fast = new Programs(
    checkpoint,
    { ...backend, capabilities: { flopsPerSecond: 1e15 } },
    'interactive',
    noWordEnds,
  );
  const slow = new Programs(
    checkpoint,
    { ...backend, capabilities: { flopsPerSecond: 1e3 } },
    'interactive',
    noWordEnds,
  );
  assert.deepEqual([fast.pace.decode.rows, slow.pace.decode.rows], [256, 1]);
});

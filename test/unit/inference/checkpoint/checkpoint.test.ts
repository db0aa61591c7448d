import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import { checkFinite } from '../../../../src/inference/checkpoint/finite.ts';
import type { WeightDtype } from '../../../../src/inference/checkpoint/types.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { Progress } from '../../../../src/protocol/engine.ts';
import { type CheckpointOptions, type TensorSpec, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

/** The largest relative error of rounding to a type, half a unit in the last place. */
const rounding: Record<WeightDtype, number> = { F32: 0, F16: 2 ** -11, BF16: 2 ** -8 };

for (const dtype of ['F32', 'F16', 'BF16'] as const) {
  for (const prefix of ['', 'transformer.']) {
    for (const tied of [true, false]) {
      test(`reads ${dtype}, prefix "${prefix}", ${tied ? 'tied' : 'untied'}`, async (t) => {
        const written = new Map<string, Float32Array>();
        const folder = writeCheckpoint(path.join(temporaryFolder(t), 'my-gpt2'), {
          ...{ dtype, prefix, tied, misalign: tied ? 0 : 3, inner: 40 },
          values: (name, values) => void written.set(name.replace('transformer.', ''), values.slice()),
        });
        const checkpoint = await openCheckpoint(folder);
        t.after(() => checkpoint.dispose());
        assert.equal(checkpoint.name, 'my-gpt2');
        assert.equal(checkpoint.dtype, dtype);
        assert.equal(checkpoint.parameters, sum(written.values()));
        assert.deepEqual(new Set(checkpoint.weights.index.keys()), new Set(written.keys()));
        for (const [name, values] of written) {
          const read = checkpoint.weights.values(name, 0, values.length);
          // Half of F16's smallest subnormal, for values that are tiny.
          const bound = (value: number) =>
            rounding[dtype] * Math.abs(value) + (dtype === 'F16' ? 2 ** -25 : 0);
          for (let i = 0; i < values.length; i++) {
            assert.ok(Math.abs(read[i]! - values[i]!) <= bound(values[i]!), `${name}[${i}]`);
          }
        }
        await checkFinite(checkpoint, Run.detached());
        checkpoint.weights.assertUnchanged();
      });
    }
  }
}

function sum(arrays: Iterable<Float32Array>): number {
  let total = 0;
  for (const { length } of arrays) total += length;
  return total;
}

test('a layer is the twelve tensors of Hugging Face’s GPT-2', async (t) => {
  const checkpoint = await open(t, {
    layers: 1,
    width: 8,
    inner: 24,
    contextLength: 16,
    vocabularySize: 300,
  });
  const shapes = Object.fromEntries([...checkpoint.weights.index].map(([name, { shape }]) => [name, shape]));
  assert.deepEqual(shapes, {
    'wte.weight': [300, 8],
    'wpe.weight': [16, 8],
    'h.0.ln_1.weight': [8],
    'h.0.ln_1.bias': [8],
    'h.0.attn.c_attn.weight': [8, 24],
    'h.0.attn.c_attn.bias': [24],
    'h.0.attn.c_proj.weight': [8, 8],
    'h.0.attn.c_proj.bias': [8],
    'h.0.ln_2.weight': [8],
    'h.0.ln_2.bias': [8],
    'h.0.mlp.c_fc.weight': [8, 24],
    'h.0.mlp.c_fc.bias': [24],
    'h.0.mlp.c_proj.weight': [24, 8],
    'h.0.mlp.c_proj.bias': [8],
    'ln_f.weight': [8],
    'ln_f.bias': [8],
  });
});

test('float32 weights are mapped where they are, half-precision ones unpacked on 64-byte boundaries', async (t) => {
  const folder = writeCheckpoint(temporaryFolder(t), { misalign: 5 });
  const mapped = await openCheckpoint(folder);
  t.after(() => mapped.dispose());
  assert.deepEqual([mapped.weights.folder, mapped.weights.file], [folder, 'model.safetensors']);
  assert.equal(mapped.weights.index.get('wte.weight')!.offset % 8, 5);

  const progress: Progress[] = [];
  const half = writeCheckpoint(path.join(folder, 'half'), { dtype: 'F16', width: 6 });
  const unpacked = await openCheckpoint(half, new Run(new AbortController().signal, (p) => progress.push(p)));
  assert.notEqual(unpacked.weights.folder, half);
  for (const [name, { dtype, offset }] of unpacked.weights.index) {
    assert.deepEqual([dtype, offset % 64], ['F32', 0], name);
  }
  if (process.platform !== 'win32') assert.equal(fs.statSync(unpacked.weights.folder).mode & 0o777, 0o700);
  assert.equal(progress.length, unpacked.weights.index.size);
  assert.ok(progress.every(({ done, total }) => done < total!));
  unpacked.dispose();
  assert.equal(fs.existsSync(unpacked.weights.folder), false);
});

test('a file with several types is read as the type that most weights have', async (t) => {
  const mixed = (spec: TensorSpec): TensorSpec => ({
    ...spec,
    dtype: spec.name.includes('ln_') ? 'F32' : 'BF16',
  });
  const checkpoint = await open(t, { tensors: (specs) => specs.map(mixed) });
  assert.equal(checkpoint.dtype, 'BF16');
  assert.ok([...checkpoint.weights.index.values()].every(({ dtype }) => dtype === 'F32'));
});

test('rows come in the order asked for, neighbours or not', async (t) => {
  const { weights } = await open(t, { width: 4 });
  const all = weights.values('wte.weight', 0, 300 * 4);
  const rows = [7, 8, 9, 3, 299, 0, 0];
  assert.deepEqual(
    [...weights.rows('wte.weight', rows)],
    rows.flatMap((row) => [...all.slice(4 * row, 4 * row + 4)]),
  );
  assert.throws(() => weights.rows('wte.weight', [300]), RangeError);
});

test('a tied head’s copy and legacy buffers are ignored', async (t) => {
  const extra: TensorSpec[] = [
    { name: 'lm_head.weight', shape: [300, 32], dtype: 'F32' },
    { name: 'transformer.h.0.attn.bias', shape: [1, 1, 64, 64], dtype: 'F16' },
    { name: 'transformer.h.1.attn.masked_bias', shape: [], dtype: 'F32' },
  ];
  const checkpoint = await open(t, { prefix: 'transformer.', tensors: (specs) => [...extra, ...specs] });
  assert.equal(checkpoint.dtype, 'F32');
  assert.equal(checkpoint.weights.index.has('lm_head.weight'), false);
});

test('the fingerprint is the SHA-256 of both files, computed once', async (t) => {
  const folder = writeCheckpoint(temporaryFolder(t), { dtype: 'F16' });
  const checkpoint = await openCheckpoint(folder);
  t.after(() => checkpoint.dispose());
  const { fingerprint } = checkpoint;
  const hash = createHash('sha256');
  for (const file of ['config.json', 'model.safetensors'])
    hash.update(fs.readFileSync(path.join(folder, file)));
  assert.equal(fingerprint.known, null);
  assert.equal(await fingerprint.of(Run.detached()), hash.digest('hex'));
  fs.truncateSync(path.join(folder, 'model.safetensors'), 100);
  assert.equal(await fingerprint.of(Run.detached()), fingerprint.known, 'the file is not read again');
});

/** More than the hash reads in one slice. */
const severalSlices = { vocabularySize: 40_000, tokenizer: 'none' } as const;

test('a request that stops waiting for the fingerprint does not stop it for the others', async (t) => {
  const { fingerprint } = await open(t, severalSlices);
  const cancel = new AbortController();
  const [stopped, waiting] = [
    fingerprint.of(new Run(cancel.signal, () => {})),
    fingerprint.of(Run.detached()),
  ];
  cancel.abort();
  await assert.rejects(stopped, { code: 'cancelled' });
  assert.equal(fingerprint.known, null, 'who was cancelled did not wait for the end');
  assert.equal(await waiting, fingerprint.known);
});

test('hashing ends when the checkpoint is disposed', async (t) => {
  const checkpoint = await open(t, severalSlices);
  const hashed = checkpoint.fingerprint.of(Run.detached());
  checkpoint.dispose();
  await assert.rejects(hashed, { code: 'cancelled' });
});

for (const dtype of ['F32', 'F16', 'BF16'] as const) {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    test(`${bad} in ${dtype} weights is refused with the tensor’s name`, async (t) => {
      const checkpoint = await open(t, {
        dtype,
        values: (name, values) => {
          if (name === 'h.1.mlp.c_fc.weight') values[values.length - 1] = bad;
        },
      });
      await assert.rejects(checkFinite(checkpoint, Run.detached()), {
        code: 'tensor-not-finite',
        facts: { file: 'model.safetensors', tensor: 'h.1.mlp.c_fc.weight' },
      });
    });
  }
}

test('unpacking and the check of the values can be cancelled, and leave nothing behind', async (t) => {
  const folder = writeCheckpoint(temporaryFolder(t), { dtype: 'BF16' });
  const cancelled = new AbortController();
  const seen: Progress[] = [];
  const run = new Run<Progress>(cancelled.signal, (progress) => {
    seen.push(progress);
    cancelled.abort();
  });
  const before = scratchFolders();
  await assert.rejects(openCheckpoint(folder, run), { code: 'cancelled' });
  assert.equal(seen.length, 1);
  assert.deepEqual(scratchFolders(), before);
  const checkpoint = await open(t, {});
  await assert.rejects(checkFinite(checkpoint, run), { code: 'cancelled' });
});

function scratchFolders(): string[] {
  return fs.readdirSync(os.tmpdir()).filter((name) => name.includes(`-${process.pid}-`));
}

async function open(t: Parameters<typeof temporaryFolder>[0], options: CheckpointOptions) {
  const checkpoint = await openCheckpoint(writeCheckpoint(temporaryFolder(t), options));
  t.after(() => checkpoint.dispose());
  return checkpoint;
}

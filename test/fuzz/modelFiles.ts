/**
 * Reads damaged model folders: each must be read or refused with an EngineError that names what is wrong.
 *
 *     node test/fuzz/modelFiles.ts --runs 1000000 --seed 1
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../../src/inference/checkpoint/checkpoint.ts';
import { openTokenizer } from '../../src/inference/tokenizer/tokenizer.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import { random } from '../fixtures/random.ts';
import { safetensors } from '../fixtures/safetensors.ts';
import { mutate } from './mutate.ts';

/** How often each outcome came: `read`, or an error's code. */
export type Outcomes = Map<string, number>;

interface Target {
  file: string;
  /** Chosen by a number from 0 to 1: the first target that is above it. */
  below: number;
  damage: (whole: Buffer, uniform: () => number) => Buffer;
  read: (folder: string) => Promise<void>;
}

const size = 260;

const targets: readonly Target[] = [
  { file: 'model.safetensors', below: 0.55, damage: damageHeader, read: readWeights },
  { file: 'model.safetensors', below: 0.8, damage: mutate, read: readWeights },
  { file: 'config.json', below: 0.9, damage: mutate, read: readWeights },
  { file: 'tokenizer.json', below: 1, damage: mutate, read: readTokenizer },
];

/** Damages the JSON and corrects the length field, which would otherwise hide most of it. */
function damageHeader(whole: Buffer, uniform: () => number): Buffer {
  const end = 8 + Number(whole.readBigUInt64LE());
  const header = mutate(whole.subarray(8, end), uniform);
  return safetensors(header, Math.max(0, whole.length - end));
}

async function readWeights(folder: string): Promise<void> {
  const checkpoint = await openCheckpoint(folder);
  try {
    const { weights } = checkpoint;
    for (const [name, { shape }] of weights.index) weights.rows(name, [shape[0]! - 1]);
    weights.assertUnchanged();
  } finally {
    checkpoint.dispose();
  }
}

async function readTokenizer(folder: string): Promise<void> {
  const text = 'The capital of 世界\n\ud800<|endoftext|>';
  const tokens = openTokenizer(folder, size).encode(text);
  if (tokens.map(({ start, end }) => text.slice(start, end)).join('') !== text)
    throw new Error('ranges do not tile');
}

/** @throws whatever is neither a success nor an EngineError for bad input, with the run's number */
export async function fuzzModelFiles(runs: number, seed: number): Promise<Outcomes> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-fuzz-'));
  try {
    writeCheckpoint(folder, {
      layers: 1,
      heads: 1,
      width: 2,
      inner: 3,
      contextLength: 4,
      vocabularySize: size,
    });
    const outcomes: Outcomes = new Map();
    for (let run = 0; run < runs; run++) {
      const outcome = await damageAndRead(folder, random((seed * 0x9e3779b1) ^ (run * 0x85ebca6b))).catch(
        (error) => {
          throw new Error(`run ${run} of seed ${seed}`, { cause: error });
        },
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    return outcomes;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function damageAndRead(folder: string, uniform: () => number): Promise<string> {
  // The first numbers of neighbouring seeds resemble each other.
  for (let i = 0; i < 4; i++) uniform();
  const choice = uniform();
  const { file, damage, read } = targets.find(({ below }) => choice < below)!;
  const name = path.join(folder, file);
  const whole = fs.readFileSync(name);
  overwrite(name, damage(whole, uniform));
  try {
    await read(folder);
    return 'read';
  } catch (error) {
    if (error instanceof EngineError && error.isBadInput) return error.code;
    throw error;
  } finally {
    overwrite(name, whole);
  }
}

/** In place: a file that is emptied and written anew waits for the disk on some systems, a million times. */
function overwrite(file: string, bytes: Uint8Array): void {
  const descriptor = fs.openSync(file, 'r+');
  try {
    fs.writeSync(descriptor, bytes, 0, bytes.length, 0);
    fs.ftruncateSync(descriptor, bytes.length);
  } finally {
    fs.closeSync(descriptor);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const began = performance.now();
  const outcomes = await fuzzModelFiles(Number(values.runs ?? 100_000), seed);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(`seed ${seed}, ${seconds} s, at most ${megabytes} MB`);
  for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1]))
    console.log(`${outcome}\t${count}`);
}

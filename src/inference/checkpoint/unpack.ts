/** Writes half-precision checkpoints out once as float32, so that all sessions map the same pages. */
import fs from 'node:fs';
import path from 'node:path';
import type { Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Run } from '../run.ts';
import { bytesPerElement, type Decoder, decoder } from './decode.ts';
import { WeightFile } from './mapped.ts';
import { OpenedFile } from './openedFile.ts';
import { ScratchFolder } from './scratch.ts';
import type { MappedWeights, TensorLocation, WeightDtype, WeightIndex } from './types.ts';

/** Every tensor begins at a multiple of this: a cache line, and the widest vector load. */
const alignment = 64;
/** Elements per slice: 4 MB of float32, some milliseconds. */
const sliceLength = 1 << 20;

/**
 * Copies all weights as float32 into a file in a private temporary folder.
 *
 * @throws EngineError `scratch-failed`, `file-changed`, `file-unreadable`, `cancelled`
 */
export async function unpackWeights(
  source: OpenedFile,
  index: WeightIndex,
  run: Run<Progress>,
): Promise<MappedWeights> {
  const plan = layOut(index);
  let scratch: ScratchFolder | undefined;
  try {
    scratch = new ScratchFolder();
    const file = path.join(scratch.path, 'weights.f32');
    await write(file, source, index, plan, run);
    return new ScratchWeights(scratch, new OpenedFile(source.name, file), plan, source);
  } catch (error) {
    scratch?.dispose();
    if (error instanceof EngineError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new EngineError(
      'scratch-failed',
      { file: source.name, bytes: size(plan), reason },
      { cause: error },
    );
  }
}

function layOut(index: WeightIndex): Map<string, TensorLocation> {
  const plan = new Map<string, TensorLocation>();
  let end = 0;
  for (const [name, { dtype, shape, length }] of index) {
    const offset = Math.ceil(end / alignment) * alignment;
    const float32 = (length / bytesPerElement[dtype]) * bytesPerElement.F32;
    plan.set(name, { dtype: 'F32', shape, offset, length: float32 });
    end = offset + float32;
  }
  return plan;
}

function size(plan: ReadonlyMap<string, TensorLocation>): number {
  const last = [...plan.values()].at(-1)!;
  return last.offset + last.length;
}

async function write(
  file: string,
  source: OpenedFile,
  index: WeightIndex,
  plan: WeightIndex,
  run: Run<Progress>,
): Promise<void> {
  const total = size(plan);
  const decoders = new Map<WeightDtype, Decoder>();
  const descriptor = fs.openSync(file, 'wx', 0o600);
  try {
    for (const [name, { dtype, offset, length }] of index) {
      if (!decoders.has(dtype)) decoders.set(dtype, decoder(dtype));
      const decode = decoders.get(dtype)!;
      const width = bytesPerElement[dtype];
      const to = plan.get(name)!;
      for (let done = 0; done < length; done += width * sliceLength) {
        const bytes = source.read(offset + done, Math.min(width * sliceLength, length - done));
        const position = to.offset + (done / width) * bytesPerElement.F32;
        writeAll(descriptor, new Uint8Array(decode(bytes.buffer).buffer), position);
        run.report({ stage: 'loading', done: position, total });
        await run.breathe();
      }
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}

class ScratchWeights extends WeightFile {
  readonly #scratch: ScratchFolder;
  readonly #source: OpenedFile;

  constructor(scratch: ScratchFolder, file: OpenedFile, index: WeightIndex, source: OpenedFile) {
    super(file, index);
    this.#scratch = scratch;
    this.#source = source;
  }

  override assertUnchanged(): void {
    this.#source.assertUnchanged();
    super.assertUnchanged();
  }

  override dispose(): void {
    super.dispose();
    this.#scratch.dispose();
  }
}

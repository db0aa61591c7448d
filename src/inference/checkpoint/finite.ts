/** Looks for NaN and infinity in weights: once, in the background, before they show as strange results. */
import { EngineError } from '../../protocol/errors.ts';
import type { Run } from '../run.ts';
import { weightsFile } from './folder.ts';
import type { Checkpoint } from './types.ts';

/** All ones in a float32's exponent means NaN or infinity. */
const exponentBits = 0x7f80_0000;
/** Values per slice: 4 MB, some milliseconds. */
const sliceLength = 1 << 20;

/**
 * Reads all weights once, in slices; a few tenths of a second per 100 million.
 *
 * @throws EngineError `tensor-not-finite`, `file-changed`, `file-unreadable`, `cancelled`
 */
export async function checkFinite(checkpoint: Checkpoint, run: Run): Promise<void> {
  const { weights } = checkpoint;
  for (const [tensor, { length }] of weights.index) {
    const count = length / 4;
    for (let begin = 0; begin < count; begin += sliceLength) {
      const values = weights.values(tensor, begin, Math.min(begin + sliceLength, count));
      if (!allFinite(values)) throw new EngineError('tensor-not-finite', { file: weightsFile, tensor });
      await run.breathe();
    }
  }
}

function allFinite(values: Float32Array): boolean {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i]! & exponentBits) === exponentBits) return false;
  }
  return true;
}

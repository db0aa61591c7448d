/** How large the values of a tensor are. */
import type { Run } from '../run.ts';
import type { MappedWeights } from './types.ts';

/** Values per slice: 4 MB, some milliseconds. */
const sliceLength = 1 << 20;
/** In root mean squares from zero. In a normal distribution two values in a thousand million are further away. */
const outlierBound = 6;

export interface Magnitudes {
  /** Frobenius norm. */
  norm: number;
  rms: number;
  most: number;
  /** Values further than 6 root mean squares from zero. */
  outliers: number;
}

/**
 * Reads the tensor in slices, and a second time only if it has outliers. `norm` and `rms` are NaN where a value is NaN.
 * @throws EngineError `file-changed`, `file-unreadable`, `cancelled`
 */
export async function magnitudesOf(weights: MappedWeights, tensor: string, run: Run): Promise<Magnitudes> {
  let squares = 0;
  let most = 0;
  let count = 0;
  for await (const values of slicesOf(weights, tensor, run)) {
    count += values.length;
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i]!);
      squares += magnitude * magnitude;
      if (magnitude > most) most = magnitude;
    }
  }
  const rms = Math.sqrt(squares / count);
  const bound = outlierBound * rms;
  let outliers = 0;
  if (most > bound) {
    for await (const values of slicesOf(weights, tensor, run)) {
      for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > bound) outliers++;
    }
  }
  return { norm: Math.sqrt(squares), rms, most, outliers };
}

async function* slicesOf(weights: MappedWeights, tensor: string, run: Run): AsyncGenerator<Float32Array> {
  const shape = weights.index.get(tensor)?.shape ?? [];
  const count = shape.reduce((product, size) => product * size, 1);
  for (let begin = 0; begin < count; begin += sliceLength) {
    yield weights.values(tensor, begin, Math.min(begin + sliceLength, count));
    await run.breathe();
  }
}

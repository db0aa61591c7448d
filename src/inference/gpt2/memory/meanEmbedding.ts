import type { Checkpoint } from '../../checkpoint/types.ts';

const rowsAtOnce = 4096;

/** The mean row of wte, computed once. */
export class MeanEmbedding {
  readonly #checkpoint: Pick<Checkpoint, 'config' | 'weights'>;
  #row: Float32Array | undefined;

  constructor(checkpoint: Pick<Checkpoint, 'config' | 'weights'>) {
    this.#checkpoint = checkpoint;
  }

  /** `[C]`, not to be changed. @throws EngineError `file-changed`, `file-unreadable` */
  row(): Float32Array {
    this.#row ??= this.#compute();
    return this.#row;
  }

  /** A few thousand rows of the vocabulary at a time. */
  #compute(): Float32Array {
    const {
      config: { vocabularySize, width },
      weights,
    } = this.#checkpoint;
    const sums = new Float64Array(width);
    for (let row = 0; row < vocabularySize; row += rowsAtOnce) {
      const end = Math.min(vocabularySize, row + rowsAtOnce);
      const block = weights.values('wte.weight', row * width, end * width);
      for (let at = 0; at < block.length; at++)
        sums[at % width] = (sums[at % width] as number) + (block[at] as number);
    }
    return Float32Array.from(sums, (sum) => sum / vocabularySize);
  }
}

/** Float32 weights in a file that ONNX sessions map. */
import { EngineError } from '../../protocol/errors.ts';
import type { OpenedFile } from './openedFile.ts';
import type { MappedWeights, TensorLocation, WeightIndex } from './types.ts';

export class WeightFile implements MappedWeights {
  readonly index: WeightIndex;
  readonly #file: OpenedFile;

  /** @param file is closed by `dispose` */
  constructor(file: OpenedFile, index: WeightIndex) {
    this.#file = file;
    this.index = index;
  }

  get folder(): string {
    return this.#file.folder;
  }

  get file(): string {
    return this.#file.base;
  }

  values(tensor: string, begin: number, end: number): Float32Array {
    const { offset, length } = this.#locate(tensor);
    if (!(begin >= 0 && begin <= end && 4 * end <= length)) {
      throw new RangeError(`${tensor} has no values ${begin} to ${end}`);
    }
    // Little-endian in the file, as on every platform that ONNX Runtime has a binary for.
    return new Float32Array(this.#file.read(offset + 4 * begin, 4 * (end - begin)).buffer);
  }

  rows(tensor: string, rows: readonly number[]): Float32Array {
    const { shape } = this.#locate(tensor);
    const columns = shape.slice(1).reduce((product, size) => product * size, 1);
    const result = new Float32Array(rows.length * columns);
    for (let i = 0; i < rows.length; ) {
      // Rows that are neighbours in the file are read together.
      let count = 1;
      while (i + count < rows.length && rows[i + count] === rows[i]! + count) count++;
      result.set(this.values(tensor, rows[i]! * columns, (rows[i]! + count) * columns), i * columns);
      i += count;
    }
    return result;
  }

  assertUnchanged(): void {
    this.#file.assertUnchanged();
  }

  dispose(): void {
    this.#file.close();
  }

  #locate(tensor: string): TensorLocation {
    const location = this.index.get(tensor);
    if (location === undefined) throw new EngineError('internal', { reason: `there is no weight ${tensor}` });
    return location;
  }
}

import type { Gpt2Config } from '../checkpoint/types.ts';

/** Keys and values of a sequence, time-major `[time, C]` per layer, so that a prefix of them is a view. */
export class KeyValueCache {
  readonly width: number;
  /** `[H, D]`. */
  readonly perHead: readonly [number, number];
  readonly #keys: Float32Array[];
  readonly #values: Float32Array[];
  #length = 0;

  constructor({ layers, heads, width }: Pick<Gpt2Config, 'layers' | 'heads' | 'width'>) {
    this.width = width;
    this.perHead = [heads, width / heads];
    this.#keys = Array.from({ length: layers }, () => new Float32Array(0));
    this.#values = Array.from({ length: layers }, () => new Float32Array(0));
  }

  get layers(): number {
    return this.#keys.length;
  }

  /** Time steps held. */
  get length(): number {
    return this.#length;
  }

  /** The first `length` time steps of one layer, `[length, C]`: views, valid until the next `append`. */
  view(layer: number, length: number): { keys: Float32Array; values: Float32Array } {
    const end = length * this.width;
    return {
      keys: (this.#keys[layer] as Float32Array).subarray(0, end),
      values: (this.#values[layer] as Float32Array).subarray(0, end),
    };
  }

  /** Adds `steps` time steps to every layer; `newKeys[layer]` is `[steps, C]`. */
  append(steps: number, newKeys: readonly Float32Array[], newValues: readonly Float32Array[]): void {
    const write = (buffers: Float32Array[], layer: number, data: Float32Array) => {
      let buffer = buffers[layer] as Float32Array;
      const needed = (this.#length + steps) * this.width;
      if (buffer.length < needed) {
        const grown = new Float32Array(Math.max(needed, Math.ceil(buffer.length * 1.5)));
        grown.set(buffer.subarray(0, this.#length * this.width));
        buffers[layer] = buffer = grown;
      }
      buffer.set(data, this.#length * this.width);
    };
    for (const [layer, data] of newKeys.entries()) write(this.#keys, layer, data);
    for (const [layer, data] of newValues.entries()) write(this.#values, layer, data);
    this.#length += steps;
  }

  /** Forgets everything from the given time step on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }
}

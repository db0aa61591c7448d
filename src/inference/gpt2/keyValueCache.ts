import type { Gpt2Config } from '../checkpoint/types.ts';

/** Keys and values of a sequence, time-major `[time, C]` per layer, so that a prefix of them is a view. */
export class KeyValueCache {
  readonly width: number;
  /** `[H, D]`. */
  readonly perHead: readonly [number, number];
  readonly #contextLength: number;
  readonly #keys: Float32Array[];
  readonly #values: Float32Array[];

  constructor({
    layers,
    heads,
    width,
    contextLength,
  }: Pick<Gpt2Config, 'layers' | 'heads' | 'width' | 'contextLength'>) {
    this.width = width;
    this.perHead = [heads, width / heads];
    this.#contextLength = contextLength;
    this.#keys = Array.from({ length: layers }, () => new Float32Array(0));
    this.#values = Array.from({ length: layers }, () => new Float32Array(0));
  }

  get layers(): number {
    return this.#keys.length;
  }

  /** Time steps that there is room for. */
  get capacity(): number {
    return (this.#keys[0]?.length ?? 0) / this.width;
  }

  /** Bytes of keys and values per time step. */
  get bytesPerStep(): number {
    return 2 * this.layers * this.width * Float32Array.BYTES_PER_ELEMENT;
  }

  /** The first `length` time steps of one layer, `[length, C]`: views, valid until the next `write` or `resize`. */
  view(layer: number, length: number): { keys: Float32Array; values: Float32Array } {
    const end = length * this.width;
    return {
      keys: (this.#keys[layer] as Float32Array).subarray(0, end),
      values: (this.#values[layer] as Float32Array).subarray(0, end),
    };
  }

  /** Sets `steps` time steps of every layer, from `at` on; `newKeys[layer]` is `[steps, C]`. */
  write(
    at: number,
    steps: number,
    newKeys: readonly Float32Array[],
    newValues: readonly Float32Array[],
  ): void {
    this.reserve(at + steps);
    for (const [layer, data] of newKeys.entries()) this.#keys[layer]?.set(data, at * this.width);
    for (const [layer, data] of newValues.entries()) this.#values[layer]?.set(data, at * this.width);
  }

  /** Makes room for at least so many time steps, and for some more, as further tokens tend to follow. */
  reserve(steps: number): void {
    if (steps <= this.capacity) return;
    this.resize(Math.max(steps, Math.min(this.#contextLength, Math.ceil(1.125 * steps))));
  }

  /** Makes room for exactly so many time steps, and keeps the first of them. */
  resize(steps: number): void {
    const size = steps * this.width;
    for (const buffers of [this.#keys, this.#values]) {
      for (const [layer, old] of buffers.entries()) {
        const buffer = new Float32Array(size);
        buffer.set(old.subarray(0, size));
        buffers[layer] = buffer;
        // Frees the memory at once, not at the next garbage collection. Node 20 has no `transfer`.
        (old as Float32Array<ArrayBuffer>).buffer.transfer?.(0);
      }
    }
  }
}

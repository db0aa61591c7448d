/** One token sequence that has been read by the model, and can be read on. */
import type { Run } from '../run.ts';
import { type Distribution, distributionNames, distributionOf, topFeeds } from './distribution.ts';
import { KeyValueCache } from './keyValueCache.ts';
import type { Gpt2 } from './model.ts';
import { maskedPastFeeds, pastFeeds } from './pastFeeds.ts';
import type { Tensor } from './runtime.ts';
import { type Fetched, fetch, integers, range } from './tensors.ts';

export interface ReadOptions {
  onSlice?: (read: number) => void;
  /** Takes the attention patterns of some layers, slice by slice: `pattern` is `[H, queries, firstQuery + queries]`. */
  patterns?: {
    layers: readonly number[];
    take(layer: number, pattern: Float32Array, firstQuery: number, queries: number): void;
  };
}

export class Sequence {
  readonly cache: KeyValueCache;
  readonly #model: Gpt2;
  /** The outputs that go into the cache. */
  readonly #cached: { keys: string[]; values: string[] };
  readonly #ids: number[] = [];

  constructor(model: Gpt2) {
    this.#model = model;
    this.cache = new KeyValueCache(model.config);
    const layers = Array.from({ length: model.config.layers }, (_, layer) => layer);
    this.#cached = {
      keys: layers.map((layer) => `keys.${layer}`),
      values: layers.map((layer) => `values.${layer}`),
    };
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Forgets the tokens from `length` on. */
  truncate(length: number): void {
    this.#ids.length = Math.min(this.#ids.length, length);
    this.cache.truncate(length);
  }

  /** Reads more tokens in slices. @returns the residual stream before ln_f of each, `[ids.length, C]` */
  async read(
    ids: readonly number[],
    run: Run,
    { onSlice, patterns }: ReadOptions = {},
  ): Promise<Float32Array> {
    const { config, pace } = this.#model;
    const residual = new Float32Array(ids.length * config.width);
    const patternNames = (patterns?.layers ?? []).map((layer) => `pattern.${layer}`);
    const names = ['residual', ...this.#cached.keys, ...this.#cached.values, ...patternNames];
    for (let start = 0; start < ids.length; ) {
      const variant = { past: this.cache.length > 0, patterns: patterns !== undefined, residuals: false };
      const session = await this.#model.decodeSession(run, variant);
      const slice = ids.slice(start, start + pace.decode.rows);
      const outputs = await pace.decode.time(slice.length, () => fetch(session, this.#feeds(slice), names));
      const get = (name: string) => outputs[name] as Float32Array;
      for (const layer of patterns?.layers ?? []) {
        patterns?.take(layer, get(`pattern.${layer}`), this.cache.length, slice.length);
      }
      residual.set(get('residual'), start * config.width);
      this.#keep(slice, outputs);
      start += slice.length;
      onSlice?.(start);
      await run.breathe();
    }
    return residual;
  }

  /** Reads one more token after others. @returns the distribution after it, with the `k` most probable tokens */
  async step(id: number, k: number, run: Run): Promise<Distribution> {
    const { ort } = this.#model;
    const session = await this.#model.stepSession(run);
    const past = this.cache.length;
    const feeds = {
      ids: integers(ort, [id]),
      positions: integers(ort, [past]),
      ...topFeeds(this.#model, k),
      ...pastFeeds(ort, this.cache, past),
    };
    const names = [...distributionNames, ...this.#cached.keys, ...this.#cached.values];
    const outputs = await fetch(session, feeds, names);
    this.#keep([id], outputs);
    await run.breathe();
    return distributionOf(this.#model, outputs, run);
  }

  #keep(ids: readonly number[], outputs: Fetched<string>): void {
    const get = (name: string) => outputs[name] as Float32Array;
    this.cache.append(ids.length, this.#cached.keys.map(get), this.#cached.values.map(get));
    this.#ids.push(...ids);
  }

  /** The decode graph's inputs for reading `ids` next. */
  #feeds(ids: readonly number[]): Record<string, Tensor> {
    const { ort } = this.#model;
    const past = this.cache.length;
    return {
      ids: integers(ort, ids),
      positions: range(ort, past, past + ids.length),
      ...maskedPastFeeds(ort, this.cache, past, past + ids.length),
    };
  }
}

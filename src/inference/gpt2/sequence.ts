/** One token sequence that has been read by the model, and can be read on. */
import type { Run } from '../run.ts';
import type { Feeds } from '../runtime/backend.ts';
import { type Fetched, fetchInStages } from '../runtime/fetch.ts';
import { floats, integers, range } from '../runtime/tensors.ts';
import { type Distribution, distributionNames, distributionOf, topFeeds } from './distribution.ts';
import type { Patterns } from './graphs/decode.ts';
import { KeyValueCache } from './keyValueCache.ts';
import type { Network } from './network.ts';
import { maskedPastFeeds, pastFeeds } from './pastFeeds.ts';

/** Lets others work between two stages, and does not count their time. */
class Turns {
  readonly #run: Run;
  readonly #start = performance.now();
  #others = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  get ownMilliseconds(): number {
    return performance.now() - this.#start - this.#others;
  }

  readonly between = async (): Promise<void> => {
    const start = performance.now();
    await this.#run.breathe();
    this.#others += performance.now() - start;
  };
}

export interface ReadOptions {
  /** Is told how many tokens have been read in all. */
  onSlice?: (read: number) => void;
  /**
   * Receives the attention patterns of some layers, slice by slice: `pattern` is `[H, queries, firstQuery + queries]`,
   * or without the H for means over heads.
   */
  patterns?: {
    of: Exclude<Patterns, 'none'>;
    layers: readonly number[];
    take(layer: number, pattern: Float32Array, firstQuery: number, queries: number): void;
  };
  /**
   * Receives the stream before some layers, slice by slice; layer L stands for the stream before ln_f. `stream` is
   * `[count, C]`, of the tokens from `first` on, counted from the beginning of the sequence.
   */
  residuals?: {
    layers: readonly number[];
    take(layer: number, stream: Float32Array, first: number, count: number): void;
  };
}

export class Sequence {
  readonly cache: KeyValueCache;
  readonly #network: Network;
  /** The outputs that go into the cache. */
  readonly #cached: { keys: `keys.${number}`[]; values: `values.${number}`[] };
  /**
   * The tokens whose keys and values the cache holds: first those that count as read, then some that were truncated and
   * can be recalled.
   */
  readonly #known: number[] = [];
  readonly #headMask: Float32Array | null;
  #length = 0;

  /** @param headMask `[L, H]`: 0 switches a head off. The keys and values then differ from the whole model's. */
  constructor(network: Network, headMask: Float32Array | null = null) {
    this.#network = network;
    this.#headMask = headMask;
    this.cache = new KeyValueCache(network.config);
    const layers = Array.from({ length: network.config.layers }, (_, layer) => layer);
    this.#cached = {
      keys: layers.map((layer) => `keys.${layer}` as const),
      values: layers.map((layer) => `values.${layer}` as const),
    };
  }

  get ids(): readonly number[] {
    return this.#known.slice(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of its keys and values, with the room for more. */
  get bytes(): number {
    return this.cache.capacity * this.cache.bytesPerStep;
  }

  /** With how many of `ids` it begins, counting those that {@link recall} would bring back. */
  sharedWith(ids: readonly number[]): number {
    const first = this.#known.findIndex((id, index) => id !== ids[index]);
    return first < 0 ? this.#known.length : first;
  }

  /**
   * Keeps the first tokens that it shares with `ids`: goes back to them, or forward to those that {@link recall} would
   * bring back.
   * @param most how many of them at most: the caller reads what comes after again
   */
  resume(ids: readonly number[], most: number): void {
    this.#length = Math.min(this.sharedWith(ids), most);
  }

  /** Another sequence with the tokens that count as read: what is read after them is not written over here. */
  fork(): Sequence {
    const copy = new Sequence(this.#network, this.#headMask);
    const layers = Array.from({ length: this.cache.layers }, (_, layer) =>
      this.cache.view(layer, this.#length),
    );
    copy.cache.write(
      0,
      this.#length,
      layers.map(({ keys }) => keys),
      layers.map(({ values }) => values),
    );
    copy.#known.push(...this.ids);
    copy.#length = this.#length;
    return copy;
  }

  /** Goes back to the first `length` tokens. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Takes back what {@link truncate} left out, as far as nothing else was read in its place. */
  recall(): void {
    this.#length = this.#known.length;
  }

  /** Forgets all but the first `length` tokens, and gives their memory back. */
  trim(length: number): void {
    this.#known.length = Math.min(this.#known.length, length);
    this.truncate(length);
    this.cache.resize(this.#known.length);
  }

  /**
   * Reads more tokens in slices.
   * @returns the residual stream before ln_f of each, `[ids.length, C]`
   */
  async read(
    ids: readonly number[],
    run: Run,
    { onSlice, patterns, residuals }: ReadOptions = {},
  ): Promise<Float32Array> {
    const { config, programs } = this.#network;
    const pace = programs.pace.decode;
    const residual = new Float32Array(ids.length * config.width);
    const patternNames = (patterns?.layers ?? []).map((layer) => `pattern.${layer}`);
    const residualName = (layer: number) => (layer === config.layers ? 'residual' : `residual.${layer}`);
    const streamNames = (residuals?.layers ?? []).map(residualName);
    const { keys, values } = this.#cached;
    const names = [...new Set(['residual', ...keys, ...values, ...patternNames, ...streamNames])];
    this.cache.reserve(this.#length + ids.length);
    for (let start = 0; start < ids.length; ) {
      const past = this.#length;
      const variant = {
        past: past > 0,
        patterns: patterns?.of ?? 'none',
        residuals: residuals !== undefined,
        headMask: this.#headMask !== null,
      } as const;
      const stages = await programs.decode(run, variant);
      const slice = ids.slice(start, start + pace.rows);
      const turns = new Turns(run);
      const fetched = { floats: names, integers: [] };
      const outputs = await fetchInStages(stages, this.#feeds(slice), fetched, turns.between);
      pace.learn(slice.length, turns.ownMilliseconds);
      const get = (name: string) => outputs[name] as Float32Array;
      for (const layer of patterns?.layers ?? []) {
        patterns?.take(layer, get(`pattern.${layer}`), past, slice.length);
      }
      for (const layer of residuals?.layers ?? []) {
        residuals?.take(layer, get(residualName(layer)), past, slice.length);
      }
      residual.set(get('residual'), start * config.width);
      this.#keep(slice, outputs);
      start += slice.length;
      onSlice?.(this.#length);
      await run.breathe();
    }
    return residual;
  }

  /** Reads one more token after others. @returns the distribution after it, with the `k` most probable tokens */
  async step(id: number, k: number, run: Run): Promise<Distribution> {
    if (this.#headMask) throw new TypeError('the graph of a step has no heads that can be switched off');
    const stages = await this.#network.programs.step(run);
    const past = this.#length;
    const feeds = {
      ids: integers([id]),
      positions: integers([past]),
      ...topFeeds(this.#network.config, k),
      ...pastFeeds(this.cache, past),
    };
    const floats = [...distributionNames.floats, ...this.#cached.keys, ...this.#cached.values];
    const names = { floats, integers: distributionNames.integers };
    const outputs = await fetchInStages(stages, feeds, names, new Turns(run).between);
    this.#keep([id], outputs);
    await run.breathe();
    return distributionOf(this.#network, outputs, run);
  }

  #keep(ids: readonly number[], outputs: Fetched<`keys.${number}` | `values.${number}`>): void {
    const { keys, values } = this.#cached;
    this.cache.write(
      this.#length,
      ids.length,
      keys.map((name) => outputs[name] as Float32Array),
      values.map((name) => outputs[name] as Float32Array),
    );
    for (const id of ids) {
      // What the cache knew of another continuation has been overwritten, or no longer follows.
      if (this.#known[this.#length] !== id) this.#known.length = this.#length;
      this.#known[this.#length] = id;
      this.#length++;
    }
  }

  /** The decode graph's inputs for reading `ids` next. */
  #feeds(ids: readonly number[]): Feeds {
    const { config } = this.#network;
    const past = this.#length;
    const mask = this.#headMask;
    return {
      ...(mask && { head_mask: floats(mask, [config.layers, config.heads]) }),
      ids: integers(ids),
      positions: range(past, past + ids.length),
      ...maskedPastFeeds(this.cache, past, past + ids.length),
    };
  }
}

/** f without sets of tokens, each of which is evaluated once. */
import type { Removal } from '../../protocol/methods.ts';
import type { FunctionWith, TokenSet } from '../attribution/method.ts';

export class Removed {
  readonly tokens: number;
  readonly #f: FunctionWith<'without'>;
  readonly #options: { removal: Removal; seed: number };
  readonly #known = new Map<string, number>();

  constructor(f: FunctionWith<'without'>, removal: Removal, seed: number) {
    this.tokens = f.count;
    this.#f = f;
    this.#options = { removal, seed };
  }

  /** Ask for many in one call: they are evaluated together. */
  async without(sets: readonly TokenSet[]): Promise<number[]> {
    const keys = sets.map((set) => set.toSorted((a, b) => a - b).join());
    const missing = new Map(
      keys.flatMap((key, at) => (this.#known.has(key) ? [] : [[key, sets[at] as TokenSet] as const])),
    );
    const found = missing.size > 0 ? await this.#f.without([...missing.values()], this.#options) : [];
    for (const [at, key] of [...missing.keys()].entries()) this.#known.set(key, found[at]!.value);
    return keys.map((key) => this.#known.get(key) as number);
  }

  /** f with these tokens alone. */
  only(sets: readonly TokenSet[]): Promise<number[]> {
    return this.without(
      sets.map((set) => {
        const kept = new Set(set);
        return Array.from({ length: this.tokens }, (_, token) => token).filter((token) => !kept.has(token));
      }),
    );
  }
}

/**
 * The last few distributions that were asked for: somebody who moves the temperature, or switches a head off and on
 * again, asks for the same ones over and over.
 */
import type { Distribution } from '../distribution.ts';

/** 0.2 MB each at 50,257 tokens. */
const mostKept = 8;

export class RecentDistributions {
  /** The least recently used first. */
  #kept: { key: string; distribution: Distribution }[] = [];

  /**
   * @param ids what was read
   * @param headMask which heads were switched on, `[L, H]`; null: all of them
   */
  async of(
    ids: readonly number[],
    headMask: Float32Array | null,
    compute: () => Promise<Distribution>,
  ): Promise<Distribution> {
    const key = `${ids} without ${headMask}`;
    const known = () => this.#kept.find((one) => one.key === key);
    const computed = known() ?? { key, distribution: await compute() };
    // Another request may have asked for the same one meanwhile.
    const newest = known() ?? computed;
    this.#kept = [...this.#kept.filter((one) => one !== newest), newest].slice(-mostKept);
    return newest.distribution;
  }
}

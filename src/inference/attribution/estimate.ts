/** Means and their standard errors, one per number, while samples come in (Welford 1962). */
export class Estimate {
  readonly #mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;
  #samples = 0;

  /** @param count how many numbers a sample has */
  constructor(count: number) {
    this.#mean = new Float64Array(count);
    this.#squares = new Float64Array(count);
  }

  add(sample: ArrayLike<number>): void {
    this.#samples++;
    for (let at = 0; at < this.#mean.length; at++) {
      const before = (sample[at] as number) - (this.#mean[at] as number);
      this.#mean[at] = (this.#mean[at] as number) + before / this.#samples;
      const after = (sample[at] as number) - (this.#mean[at] as number);
      this.#squares[at] = (this.#squares[at] as number) + before * after;
    }
  }

  get samples(): number {
    return this.#samples;
  }

  get mean(): Float64Array {
    return this.#mean.slice();
  }

  /** Standard errors of the means; undefined for a single sample, which cannot tell them. */
  get standardErrors(): Float64Array | undefined {
    const samples = this.#samples;
    return samples > 1 ? this.#squares.map((sum) => Math.sqrt(sum / (samples - 1) / samples)) : undefined;
  }
}

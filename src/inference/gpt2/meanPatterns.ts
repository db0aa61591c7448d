/** Attention patterns of the newest text, as means over the heads of each layer: what rollout is made of. */

/** 24 MB hold all of 1,024 tokens at 12 layers. */
const mostBytes = 64_000_000;

export class MeanPatterns {
  #ids: readonly number[] = [];
  /** `[layer][query]`, each of as many weights as the query sees keys. Every layer has the same queries. */
  readonly #rows: Float32Array[][];

  constructor({ layers }: { layers: number }) {
    this.#rows = Array.from({ length: layers }, () => []);
  }

  get bytes(): number {
    const queries = this.#queries;
    return (this.#rows.length * queries * (queries + 1) * Float32Array.BYTES_PER_ELEMENT) / 2;
  }

  /** Forgets what does not belong to a text. @returns how many of its first queries are known */
  prepare(ids: readonly number[]): number {
    const differs = ids.findIndex((id, index) => id !== this.#ids[index]);
    if (differs >= 0) {
      for (const rows of this.#rows) rows.length = Math.min(rows.length, differs);
      this.#ids = ids;
    }
    return Math.min(ids.length, this.#queries);
  }

  /** @param pattern `[queries, firstQuery + queries]`, for queries that are known or come next */
  take(layer: number, pattern: Float32Array, firstQuery: number, queries: number): void {
    const keys = firstQuery + queries;
    for (let row = 0; row < queries; row++) {
      const query = firstQuery + row;
      (this.#rows[layer] as Float32Array[])[query] = pattern.slice(row * keys, row * keys + query + 1);
    }
  }

  /**
   * Attention rollout (Abnar and Zuidema 2020, equation 1): the row of `query` in the product over layers, the last one
   * first, of ½ A + ½ I. `[query + 1]`.
   */
  rollout(query: number): Float32Array {
    let reached = new Float64Array(query + 1);
    reached[query] = 1;
    for (const rows of this.#rows.toReversed()) {
      const below = reached.map((share) => share / 2);
      for (let at = 0; at <= query; at++) {
        const half = (reached[at] as number) / 2;
        const row = rows[at] as Float32Array;
        for (let key = 0; key <= at; key++) below[key] = below[key]! + half * row[key]!;
      }
      reached = below;
    }
    return Float32Array.from(reached);
  }

  /** Forgets all when it is too much to keep. */
  shrink(): void {
    if (this.bytes > mostBytes) for (const rows of this.#rows) rows.length = 0;
  }

  get #queries(): number {
    return this.#rows.at(-1)?.length ?? 0;
  }
}

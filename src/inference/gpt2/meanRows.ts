/** Attention patterns as means over the heads of each layer, query by query. */
export class MeanRows {
  /** `[layer][query]`, each of as many weights as the query sees keys. Every layer has the same queries. */
  readonly #rows: Float32Array[][];

  constructor(layers: number) {
    this.#rows = Array.from({ length: layers }, () => []);
  }

  /** How many of the first queries are known. */
  get queries(): number {
    return this.#rows.at(-1)?.length ?? 0;
  }

  get bytes(): number {
    const { queries } = this;
    return (this.#rows.length * queries * (queries + 1) * Float32Array.BYTES_PER_ELEMENT) / 2;
  }

  /** A copy of the first queries' rows. What is added to it is not added here. */
  first(queries: number): MeanRows {
    const part = new MeanRows(this.#rows.length);
    for (const [layer, rows] of this.#rows.entries()) part.#rows[layer] = rows.slice(0, queries);
    return part;
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
}

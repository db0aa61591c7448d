/** Attention patterns of the newest text, as means over the heads of each layer: what rollout is made of. */
import { MeanRows } from '../meanRows.ts';

/** 24 MB hold all of 1,024 tokens at 12 layers. */
const mostBytesKept = 64_000_000;

export class MeanPatterns {
  readonly #layers: number;
  readonly #mostBytes: number;
  #ids: readonly number[] = [];
  #kept: MeanRows;

  constructor({ layers }: { layers: number }, mostBytes = mostBytesKept) {
    this.#layers = layers;
    this.#mostBytes = mostBytes;
    this.#kept = new MeanRows(layers);
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  /**
   * Lends `work` the known rows of a text, to which it adds. What it has added is kept, also if it fails or is
   * cancelled.
   */
  async use<R>(ids: readonly number[], work: (rows: MeanRows) => Promise<R>): Promise<R> {
    const differs = ids.findIndex((id, index) => id !== this.#ids[index]);
    const lent = this.#kept.first(differs < 0 ? ids.length : differs);
    try {
      return await work(lent);
    } finally {
      this.#keep(ids, lent);
    }
  }

  /** Keeps the rows, unless at least as many of the same text were kept meanwhile, or are kept for a longer text. */
  #keep(ids: readonly number[], rows: MeanRows): void {
    const read = ids.slice(0, rows.queries);
    if (read.length <= this.#kept.queries && read.every((id, index) => id === this.#ids[index])) return;
    const fits = rows.bytes <= this.#mostBytes;
    this.#ids = fits ? read : [];
    this.#kept = fits ? rows : new MeanRows(this.#layers);
  }
}

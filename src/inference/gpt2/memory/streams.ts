/**
 * The residual streams of the newest text: what attention patterns are computed from again, head by head.
 *
 * All patterns of 1,024 tokens are 604 MB at 124M parameters (150 MB as half-precision triangles), the streams 41 MB;
 * from them one head's pattern is a fiftieth of a forward pass.
 */
import type { Run } from '../../run.ts';
import type { Network } from '../network.ts';
import { allocateStreams, readStreamsInto, type StreamRows } from '../streams.ts';
import type { Readings } from './readings.ts';

/** How many bytes are kept: a twelfth of the weights, but at least this much. It holds 1,024 tokens of any GPT-2. */
const leastBytesKept = 64_000_000;
const partOfWeights = 1 / 12;

export class Streams {
  readonly #network: Network;
  readonly #readings: Readings;
  readonly #mostBytes: number | undefined;
  #ids: readonly number[] = [];
  #rows: StreamRows = [];

  /** @param readings lends the sequences that are read on */
  constructor(network: Network, readings: Readings, mostBytes?: number) {
    this.#network = network;
    this.#readings = readings;
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#rows.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * The streams of a text. Reads the tokens whose streams are not known yet.
   * @param onSlice is told how many tokens are known
   * @throws EngineError `tensor-not-finite`, `result-not-finite`
   */
  async of(ids: readonly number[], run: Run, onSlice: (known: number) => void): Promise<StreamRows> {
    const { width } = this.#network.config;
    const differs = ids.findIndex((id, index) => id !== this.#ids[index]);
    if (differs < 0) return this.#rows.map((rows) => rows.subarray(0, ids.length * width));
    const rows = allocateStreams(this.#network, ids.length);
    // Copied, because others may be looking at the kept ones.
    for (const [layer, old] of this.#rows.entries()) rows[layer]?.set(old.subarray(0, differs * width));
    let known = differs;
    const onRead = (read: number) => {
      known = Math.max(known, read);
      onSlice(known);
    };
    try {
      await this.#readings.use(ids, differs, (sequence) =>
        readStreamsInto(rows, this.#network, sequence, ids, run, onRead),
      );
    } finally {
      this.#keep(ids.slice(0, known), rows);
    }
    return rows;
  }

  /**
   * Keeps the rows, unless more of the same text is kept already: from another request, or because this one was
   * cancelled early.
   */
  #keep(ids: readonly number[], rows: StreamRows): void {
    const { layers, width } = this.#network.config;
    const bytesPerToken = (layers + 1) * width * Float32Array.BYTES_PER_ELEMENT;
    const weights = this.#network.checkpoint.parameters * Float32Array.BYTES_PER_ELEMENT;
    const mostBytes = this.#mostBytes ?? Math.max(leastBytesKept, partOfWeights * weights);
    const most = Math.min(ids.length, Math.floor(mostBytes / bytesPerToken));
    const kept = ids.slice(0, most);
    if (kept.every((id, index) => id === this.#ids[index])) return;
    this.#ids = kept;
    const isWhole = rows[0]?.length === most * width;
    this.#rows = isWhole ? rows : rows.map((all) => all.slice(0, most * width));
  }
}

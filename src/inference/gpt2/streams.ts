/**
 * The residual streams of the newest text: what attention patterns are computed from again, head by head.
 *
 * All patterns of 1,024 tokens are 604 MB at 124M parameters (150 MB as half-precision triangles), the streams 41 MB;
 * from them one head's pattern is a fiftieth of a forward pass.
 */
import type { Run } from '../run.ts';
import type { Gpt2 } from './model.ts';
import { Sequence } from './sequence.ts';

/** Of streams that are kept: at least this, and where it is more, a twelfth of the weights: 1,024 tokens of any GPT-2. */
const leastBytesKept = 64_000_000;
const partOfWeights = 1 / 12;

/** `[layer]`, 0 … L: the stream before each layer and, as that of L, before ln_f; `[tokens, C]` each, not to be changed. */
export type StreamRows = readonly Float32Array[];

/**
 * Those of a text that is not to be kept.
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function readStreams(model: Gpt2, ids: readonly number[], run: Run): Promise<StreamRows> {
  const rows = allocate(model, ids.length);
  await readInto(rows, model, new Sequence(model), ids, run, () => {});
  return rows;
}

function allocate({ config }: Gpt2, tokens: number): Float32Array[] {
  return Array.from({ length: config.layers + 1 }, () => new Float32Array(tokens * config.width));
}

/**
 * Reads what the sequence has not read of `ids`.
 * @param onSlice takes the number of tokens that it has read then, all of whose streams are numbers
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
async function readInto(
  rows: StreamRows,
  model: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  run: Run,
  onSlice: (read: number) => void,
): Promise<void> {
  const { layers, width } = model.config;
  // The last stream has all that came before in it, and a NaN in a pattern would pass for no weight.
  let sum = 0;
  await sequence.read(ids.slice(sequence.length), run, {
    onSlice: (read) => Number.isFinite(sum) && onSlice(read),
    residuals: {
      layers: rows.map((_, layer) => layer),
      take(layer, values, first) {
        rows[layer]?.set(values, first * width);
        if (layer === layers) sum = values.reduce((total, value) => total + value, sum);
      },
    },
  });
  await model.finite(sum, run);
}

export class Streams {
  readonly #model: Gpt2;
  readonly #mostBytes: number | undefined;
  #ids: readonly number[] = [];
  #rows: StreamRows = [];

  constructor(model: Gpt2, mostBytes?: number) {
    this.#model = model;
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#rows.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Reads what is not known of them yet.
   * @param onSlice takes the number of tokens that are known
   * @throws EngineError `tensor-not-finite`, `result-not-finite`
   */
  async of(ids: readonly number[], run: Run, onSlice: (known: number) => void): Promise<StreamRows> {
    const { width } = this.#model.config;
    const differs = ids.findIndex((id, index) => id !== this.#ids[index]);
    if (differs < 0) return this.#rows.map((rows) => rows.subarray(0, ids.length * width));
    const rows = allocate(this.#model, ids.length);
    // Copied: others may be looking at those that are kept.
    for (const [layer, old] of this.#rows.entries()) rows[layer]?.set(old.subarray(0, differs * width));
    let known = differs;
    const onRead = (read: number) => {
      known = Math.max(known, read);
      onSlice(known);
    };
    try {
      await this.#model.readings.use(ids, differs, (sequence) =>
        readInto(rows, this.#model, sequence, ids, run, onRead),
      );
    } finally {
      this.#keep(ids.slice(0, known), rows);
    }
    return rows;
  }

  /** Unless more of the same text is kept: by another request, where this one was cancelled, or in front of an edit. */
  #keep(ids: readonly number[], rows: StreamRows): void {
    const { layers, width } = this.#model.config;
    const bytesPerToken = (layers + 1) * width * Float32Array.BYTES_PER_ELEMENT;
    const weights = this.#model.checkpoint.parameters * Float32Array.BYTES_PER_ELEMENT;
    const mostBytes = this.#mostBytes ?? Math.max(leastBytesKept, partOfWeights * weights);
    const most = Math.min(ids.length, Math.floor(mostBytes / bytesPerToken));
    const kept = ids.slice(0, most);
    if (kept.every((id, index) => id === this.#ids[index])) return;
    this.#ids = kept;
    const isWhole = rows[0]?.length === most * width;
    this.#rows = isWhole ? rows : rows.map((all) => all.slice(0, most * width));
  }
}

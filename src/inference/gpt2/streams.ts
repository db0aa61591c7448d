/** The residual streams of a whole text. */
import type { Run } from '../run.ts';
import type { Network } from './network.ts';
import { Sequence } from './sequence.ts';

/** By layer, 0 … L: the stream before the layer, and for L the stream before ln_f; `[tokens, C]` each, not to be changed. */
export type StreamRows = readonly Float32Array[];

/**
 * Reads a text's streams without keeping them for later requests.
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function readStreams(network: Network, ids: readonly number[], run: Run): Promise<StreamRows> {
  const rows = allocateStreams(network, ids.length);
  await readStreamsInto(rows, network, new Sequence(network), ids, run, () => {});
  return rows;
}

export function allocateStreams({ config }: Pick<Network, 'config'>, tokens: number): Float32Array[] {
  return Array.from({ length: config.layers + 1 }, () => new Float32Array(tokens * config.width));
}

/**
 * Reads those of `ids` that the sequence has not read.
 * @param onSlice is told how many tokens have been read, once all their streams are known to be finite
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function readStreamsInto(
  rows: StreamRows,
  network: Network,
  sequence: Sequence,
  ids: readonly number[],
  run: Run,
  onSlice: (read: number) => void,
): Promise<void> {
  const { layers, width } = network.config;
  // The last stream shows a NaN from anywhere before it. In a pattern, a NaN would be taken for no attention.
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
  await network.soundness.finite(sum, run);
}

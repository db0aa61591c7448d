/**
 * Attention × gradient: (A ⊙ ∂f/∂A)⁺ of every head, A being its pattern after the softmax (Chefer, Gur and Wolf 2021,
 * "Generic attention-model explainability", equation 5, there with the mean over heads).
 *
 * The backward pass goes block by block from the streams that the forward pass left behind, so that the patterns of one
 * layer are in memory at a time. What reaches each layer is kept: for another head one block is gone through again.
 */
import type { Run } from '../run.ts';
import { floats, range } from '../runtime/tensors.ts';
import { type Contrast, type ContrastParts, contrastOf } from './contrast.ts';
import { StagedRun } from './stagedRun.ts';
import type { StreamRows } from './streams.ts';

/** A block has seven products with weights to be cut between: 4 is the largest power of two. */
const mostStages = 4;

/** By layer, the gradients of the streams after it, `[tokens, C]`: from the last layer down to some layer. */
export interface KnownGradients {
  get(layer: number): Float32Array | undefined;
  set(layer: number, gradient: Float32Array): void;
}

export interface ProductsQuestion {
  contrast: Contrast;
  /** What was computed before for the same text and contrast, and may be kept. */
  known: KnownGradients;
  /** What is added up, or compared, in each layer: the products of its heads times these `[H]`; null: not this layer. */
  shares: readonly (Float32Array | null)[];
  of: 'sum' | 'max';
}

/**
 * f is predicted after the last token of the streams.
 * @param take takes the products of the layers that are asked for, the last layer first: `[query, key]`
 * @param onLayer takes how many layers have been gone through, of all that are needed
 */
export async function attentionProducts(
  network: ContrastParts,
  streams: StreamRows,
  { contrast, known, shares, of }: ProductsQuestion,
  run: Run,
  take: (layer: number, products: Float32Array) => void,
  onLayer: (done: number, total: number) => void,
): Promise<void> {
  const { config, programs } = network;
  const { layers, width } = config;
  const { gradient: pace } = programs.pace;
  const tokens = (streams[0] as Float32Array).length / width;
  const lowest = shares.findIndex((share) => share !== null);
  let dAfter = known.get(layers - 1) ?? (await lastGradient(network, streams, contrast, run));
  known.set(layers - 1, dAfter);
  for (let layer = layers - 1; layer >= lowest; layer--) {
    const share = shares[layer] ?? null;
    const dBefore = known.get(layer - 1);
    if (!share && dBefore) {
      dAfter = dBefore;
      continue;
    }
    const before = streams[layer] as Float32Array;
    const feeds = {
      before: floats(before, [tokens, width]),
      after_gradient: floats(dAfter, [tokens, width]),
      positions: range(0, tokens),
      ...(share && { shares: floats(share, [share.length]) }),
    };
    // The pace counts rows that go through all layers: in one layer a row is 1/L of that.
    const rows = tokens / layers;
    const count = Math.min(mostStages, 2 ** Math.ceil(Math.log2(Math.max(1, pace.slices(rows)))));
    const stages = await programs.blockGradient(run, { layer, of: share && of }, count);
    const staged = new StagedRun();
    try {
      const outputs = await staged.evaluate(stages, feeds, run, { pace, rows });
      if (share) take(layer, outputs.products as Float32Array);
      dAfter = outputs.before_gradient as Float32Array;
      if (layer > 0) known.set(layer - 1, dAfter);
    } finally {
      staged.release();
    }
    onLayer(layers - layer, layers - lowest);
    await run.breathe();
  }
}

/** ∂f/∂(the stream before ln_f), `[tokens, C]`: 0 but for the last token. */
async function lastGradient(
  network: ContrastParts,
  streams: StreamRows,
  contrast: Contrast,
  run: Run,
): Promise<Float32Array> {
  const { layers, width } = network.config;
  const last = streams[layers] as Float32Array;
  const { gradient } = await contrastOf(network, last.subarray(-width), contrast, run);
  const rows = new Float32Array(last.length);
  rows.set(gradient, last.length - width);
  return rows;
}

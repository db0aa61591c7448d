/**
 * Attention × gradient: (A ⊙ ∂f/∂A)⁺ of every head, A being its pattern after the softmax (Chefer, Gur and Wolf 2021,
 * "Generic attention-model explainability", equation 5, there with the mean over heads).
 *
 * The backward pass goes block by block from the streams that the forward pass left behind, so that only one layer's
 * patterns are in memory at a time. The gradient at each layer is kept: another head then needs the backward pass of
 * one block only.
 */
import type { Run } from '../run.ts';
import { floats, range } from '../runtime/tensors.ts';
import { type Contrast, type ContrastParts, contrastOf } from './contrast.ts';
import { StagedRun } from './stagedRun.ts';
import type { StreamRows } from './streams.ts';

/** A block has seven products with weights to be cut between: 4 is the largest power of two. */
const mostStages = 4;

/** The gradient of the stream after each layer, `[tokens, C]`; known from the last layer down to some layer. */
export interface KnownGradients {
  get(layer: number): Float32Array | undefined;
  set(layer: number, gradient: Float32Array): void;
}

export interface ProductsQuestion {
  contrast: Contrast;
  /** Gradients computed before for the same text and contrast. New ones are added to it. */
  known: KnownGradients;
  /** For each layer the factors `[H]` of its heads' products before these are combined; null leaves the layer out. */
  shares: readonly (Float32Array | null)[];
  of: 'sum' | 'max';
}

/**
 * f is the contrast after the last token of the streams.
 * @param take receives the products of the requested layers, `[query, key]`, the last layer first
 * @param onLayer is told how many of the needed layers are done
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

/** ∂f/∂(the stream before ln_f), `[tokens, C]`: 0 except for the last token. */
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

/**
 * Attention × gradient: (A ⊙ ∂f/∂A)⁺ of every head, A being its pattern after the softmax (Chefer, Gur and Wolf 2021,
 * "Generic attention-model explainability", equation 5, there with the mean over heads).
 *
 * The backward pass goes block by block from the streams that the forward pass left behind, so that the patterns of one
 * layer are in memory at a time. What reaches each layer is kept: for another head one block is gone through again.
 */
import type { Run } from '../run.ts';
import { floats, range } from '../runtime/tensors.ts';
import { type Contrast, contrastOf } from './contrast.ts';
import type { Gpt2 } from './model.ts';
import { StagedRun } from './stagedRun.ts';
import type { StreamRows } from './streams.ts';

/** A block has seven products with weights to be cut between: 4 is the largest power of two. */
const mostStages = 4;

export interface ProductsQuestion {
  /** The text that the streams belong to. */
  ids: readonly number[];
  contrast: Contrast;
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
  model: Gpt2,
  streams: StreamRows,
  { ids, contrast, shares, of }: ProductsQuestion,
  run: Run,
  take: (layer: number, products: Float32Array) => void,
  onLayer: (done: number, total: number) => void,
): Promise<void> {
  const { config, pace } = model;
  const { layers, width } = config;
  const tokens = ids.length;
  const lowest = shares.findIndex((share) => share !== null);
  const known = model.streamGradients.of(ids, contrast);
  let dAfter = known.get(layers - 1) ?? (await lastGradient(model, streams, contrast, run));
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
    // The pace is that of all layers; one of them is so many rows less.
    const rows = tokens / layers;
    const stages = Math.min(mostStages, 2 ** Math.ceil(Math.log2(Math.max(1, pace.gradient.slices(rows)))));
    const sessions = await model.blockGradientSessions(run, { layer, of: share && of }, stages);
    const staged = new StagedRun();
    try {
      const outputs = await staged.evaluate(sessions, feeds, run, { pace: pace.gradient, rows });
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
  model: Gpt2,
  streams: StreamRows,
  contrast: Contrast,
  run: Run,
): Promise<Float32Array> {
  const { layers, width } = model.config;
  const last = streams[layers] as Float32Array;
  const { gradient } = await contrastOf(model, last.subarray(-width), contrast, run);
  const rows = new Float32Array(last.length);
  rows.set(gradient, last.length - width);
  return rows;
}

/**
 * The forward pass of one sequence, any number of tokens at a time, with a time-major cache of keys and values that
 * stays with the caller: the graph returns only the new ones, so a step costs the same however long the context is.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import type { Graph } from '../../onnx/graph.ts';
import { gatherRows, reduceFirst, reshape, unsqueeze } from '../../onnx/ops.ts';
import { block } from '../layers/block.ts';
import { embed } from '../layers/embed.ts';
import { maskInput, sequenceInputs } from './inputs.ts';
import { presentOutputs } from './outputs.ts';

/** Which attention patterns are outputs: none, those of every head, or their mean over the heads of a layer. */
export type Patterns = 'none' | 'heads' | 'mean';

export interface DecodeVariant {
  past: boolean;
  /** Adds the outputs `pattern.l`: `[H, S, T]`, or `[S, T]` for the mean. */
  patterns: Patterns;
  /** Adds the outputs `residual.l` `[S, C]`: the stream before layer l. */
  residuals: boolean;
  /** Adds the input `head_mask` `[L, H]`, which is multiplied onto the heads' outputs: 0 switches a head off. */
  headMask: boolean;
}

/**
 * Inputs: `ids` `[S]` and those of {@link sequenceInputs} and {@link maskInput}.
 * Outputs: `residual` `[S, C]` (before ln_f), `keys.l` and `values.l` `[S, 1, H, D]`.
 */
export function decodeGraph(checkpoint: Checkpoint, variant: DecodeVariant): Graph {
  const shape = { batch: 1, steps: 'S', past: variant.past };
  const { context, positions, past } = sequenceInputs(checkpoint, shape);
  const { g, config, S, T } = context;
  const { width: C, heads: H, layers } = config;
  const mask = maskInput(context, positions);
  const headMask = variant.headMask ? g.input('head_mask', 'float', [layers, H]) : null;
  const heads = (layer: number) =>
    headMask ? { headMask: unsqueeze(g, gatherRows(g, headMask, g.integers([layer])), [2, 3]) } : {};
  let h = embed(context, g.input('ids', 'int64', [S]), positions);
  for (let layer = 0; layer < layers; layer++) {
    if (variant.residuals) g.output(`residual.${layer}`, h, [S, C]);
    const { after, parts } = block(context, h, { layer, past: past[layer] ?? null, mask, ...heads(layer) });
    presentOutputs(context, layer, parts.attention.present);
    if (variant.patterns !== 'none') {
      const pattern = reshape(g, parts.attention.pattern, [H, S, T]);
      const isMean = variant.patterns === 'mean';
      const given = isMean ? reduceFirst(g, 'ReduceMean', pattern) : pattern;
      g.output(`pattern.${layer}`, given, isMean ? [S, T] : [H, S, T]);
    }
    h = after;
  }
  g.output('residual', h, [S, C]);
  return g;
}

/**
 * The forward pass of one sequence, any number of tokens at a time, with a time-major cache of keys and values that
 * stays with the caller: the graph returns only the new ones, so a step costs the same however long the context is.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import type { Graph } from '../../onnx/graph.ts';
import { add, gatherRows, reshape } from '../../onnx/ops.ts';
import { block } from '../layers/block.ts';
import { weight } from '../layers/context.ts';
import { causalMask } from '../layers/mask.ts';
import { sequenceInputs } from './inputs.ts';

export interface DecodeVariant {
  /** Whether anything was read before: onnxruntime cannot multiply by keys of length 0. */
  past: boolean;
  /** Adds the outputs `pattern.l` `[H, S, T]`. */
  patterns: boolean;
  /** Adds the outputs `residual.l` `[S, C]`: the stream before layer l. */
  residuals: boolean;
}

/**
 * Inputs: `ids` `[S]`, `positions` `[S]`; with a past `key_positions` `[T]`, `past_keys.l` and `past_values.l` `[P, C]`.
 * Outputs: `residual` `[S, C]` (before ln_f), `keys.l` and `values.l` `[S, C]`.
 */
export function decodeGraph(checkpoint: Checkpoint, variant: DecodeVariant): Graph {
  const { context, positions, keyPositions, past } = sequenceInputs(checkpoint, 1, variant.past);
  const { g, config, S, T } = context;
  const { width: C, heads: H, layers } = config;
  const ids = g.input('ids', 'int64', [S]);
  const mask = causalMask(context, positions, keyPositions);
  let h = add(
    g,
    gatherRows(g, weight(context, 'wte.weight'), ids),
    gatherRows(g, weight(context, 'wpe.weight'), positions),
  );
  for (let layer = 0; layer < layers; layer++) {
    if (variant.residuals) g.output(`residual.${layer}`, h, [S, C]);
    const { after, parts } = block(context, h, { layer, past: past[layer] ?? null, mask });
    g.output(`keys.${layer}`, reshape(g, parts.attention.present.keys, [S, C]), [S, C]);
    g.output(`values.${layer}`, reshape(g, parts.attention.present.values, [S, C]), [S, C]);
    if (variant.patterns)
      g.output(`pattern.${layer}`, reshape(g, parts.attention.pattern, [H, S, T]), [H, S, T]);
    h = after;
  }
  g.output('residual', h, [S, C]);
  return g;
}

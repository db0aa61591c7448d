/** One transformer block for many sequences that differ in which of its parts are switched off. */
import { type Dim, product } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, mul, reshape, unsqueeze } from '../../onnx/ops.ts';
import { attention } from './attention.ts';
import { lastStep, mlp } from './block.ts';
import type { LayerContext } from './context.ts';
import { layerNorm } from './layerNorm.ts';
import { linear } from './linear.ts';

export interface Ablation {
  layer: number;
  /** Added to the scores, `[S, S]`; null when only the last time step is asked for. */
  mask: Value | null;
  /** 0 switches a head off: `[M, H]`. */
  headMask: Value;
  /** 0 switches the MLP off: `[M]`. */
  mlpMask: Value;
}

/**
 * The stream h `[S, C]` of one sequence → that of M `[M*S, C]`, or `[M, C]` (the last time step alone) without a mask.
 * The sequences differ only from the heads' outputs on, so queries, keys, values and patterns are computed once.
 */
export function ablatedBlock(
  context: LayerContext,
  h: Value,
  { layer, mask, headMask, mlpMask }: Ablation,
): Value {
  const { g, config, S } = context;
  const { width: C } = config;
  const name = `h.${layer}`;
  const [M] = mlpMask.shape as [Dim];
  const steps = mask ? S : 1;
  const rows = product([steps, M]);

  const qkv = linear(context, `${name}.attn.c_attn`, layerNorm(context, `${name}.ln_1`, h));
  const options = { layer, past: null, mask, headMask: unsqueeze(g, headMask, [2, 3]) };
  const attended = linear(context, `${name}.attn.c_proj`, attention(context, qkv, options).mixed);
  const stream = reshape(g, mask ? h : lastStep(context, h), [steps, 1, C]);
  const middle = add(g, stream, reshape(g, attended, [steps, M, C]));

  const written = mlp(context, layer, reshape(g, middle, [rows, C]));
  const kept = mul(g, reshape(g, written, [steps, M, C]), unsqueeze(g, mlpMask, [1]));
  return reshape(g, add(g, middle, kept), [rows, C]);
}

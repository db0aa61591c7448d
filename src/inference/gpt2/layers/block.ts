/** One transformer block: h₁ = h + attention(ln_1 h), h₂ = h₁ + mlp(ln_2 h₁). */
import { product } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, last, mul, reshape, unsqueeze } from '../../onnx/ops.ts';
import { activations } from './activation.ts';
import { type AttentionOptions, type AttentionParts, attention, attentionVjp } from './attention.ts';
import type { LayerContext } from './context.ts';
import { layerNorm, layerNormVjp } from './layerNorm.ts';
import { linear, linearVjp } from './linear.ts';

/** The values of the forward pass that the backward pass needs. */
export interface BlockParts {
  options: AttentionOptions;
  attention: AttentionParts;
  /** The stream before the block `[B*S, C]`, after the attention, and the MLP before its activation. */
  before: Value;
  middle: Value;
  preActivation: Value;
}

/** h `[B*S, C]` → `[B*S, C]`, or `[B, C]` (the last time step alone) when there is no mask. */
export function block(
  context: LayerContext,
  h: Value,
  options: AttentionOptions,
): { after: Value; parts: BlockParts } {
  const { g } = context;
  const parts = blockParts(context, h, options);
  const after = add(g, parts.middle, mlpAfter(context, options.layer, parts.preActivation));
  return { after, parts };
}

/** The block without its last product and sum, which the backward pass does not need. */
export function blockParts(context: LayerContext, h: Value, options: AttentionOptions): BlockParts {
  const { g } = context;
  const name = `h.${options.layer}`;
  const qkv = linear(context, `${name}.attn.c_attn`, layerNorm(context, `${name}.ln_1`, h));
  const parts = attention(context, qkv, options);
  const stream = options.mask ? h : lastStep(context, h);
  const middle = add(g, stream, linear(context, `${name}.attn.c_proj`, parts.mixed));
  const preActivation = mlpBefore(context, options.layer, middle);
  return { options, attention: parts, before: h, middle, preActivation };
}

/** The stream `[N, C]` → what the MLP writes to it `[N, C]`. */
export function mlp(context: LayerContext, layer: number, h: Value): Value {
  return mlpAfter(context, layer, mlpBefore(context, layer, h));
}

function mlpBefore(context: LayerContext, layer: number, h: Value): Value {
  const name = `h.${layer}`;
  return linear(context, `${name}.mlp.c_fc`, layerNorm(context, `${name}.ln_2`, h));
}

function mlpAfter(context: LayerContext, layer: number, preActivation: Value): Value {
  const activated = activations[context.config.activation].forward(context.g, preActivation);
  return linear(context, `h.${layer}.mlp.c_proj`, activated);
}

/**
 * The gradient of the stream after the block → before it, always `[B*S, C]`.
 * @param isLast `[S, 1]`, 1 in the last row; null where the block has a mask
 * @param onPattern receives the gradient of the attention pattern
 */
export function blockVjp(
  context: LayerContext,
  dAfter: Value,
  parts: BlockParts,
  isLast: Value | null,
  onPattern?: (dPattern: Value) => void,
): Value {
  const { g, config } = context;
  const name = `h.${parts.options.layer}`;
  const dActivated = linearVjp(context, `${name}.mlp.c_proj`, dAfter);
  const dPre = activations[config.activation].vjp(g, dActivated, parts.preActivation);
  const dNormed2 = linearVjp(context, `${name}.mlp.c_fc`, dPre);
  const dMiddle = add(g, dAfter, layerNormVjp(context, `${name}.ln_2`, dNormed2, parts.middle));

  const dMixed = linearVjp(context, `${name}.attn.c_proj`, dMiddle);
  const dQkv = attentionVjp(context, dMixed, parts.attention, parts.options, isLast, onPattern);
  const dNormed1 = linearVjp(context, `${name}.attn.c_attn`, dQkv);
  const dStream = parts.options.mask ? dMiddle : placeLastStep(context, dMiddle, isLast as Value);
  return add(g, dStream, layerNormVjp(context, `${name}.ln_1`, dNormed1, parts.before));
}

/** `[B*S, C]` → the rows of the last time step, `[B, C]`. */
export function lastStep({ g, config, S, B }: LayerContext, h: Value): Value {
  const steps = reshape(g, h, [S, B, config.width]);
  return reshape(g, last(g, steps, 0), [B, config.width]);
}

/** Its transpose: `[B, C]` → `[B*S, C]`, zero elsewhere. */
export function placeLastStep({ g, config, S, B }: LayerContext, dLast: Value, isLast: Value): Value {
  const placed = mul(g, reshape(g, dLast, [1, B, config.width]), unsqueeze(g, isLast, [2]));
  return reshape(g, placed, [product([S, B]), config.width]);
}

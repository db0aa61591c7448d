/**
 * The backward pass of one block, which computes again what it needs of the forward pass from the stream before the
 * block. Going block by block, only one layer's patterns are in memory: 50 MB instead of 600 at 1,024 tokens and 124M
 * parameters.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { mul, reduceFirst, relu, reshape, unsqueeze } from '../../onnx/ops.ts';
import { blockParts, blockVjp } from '../layers/block.ts';
import { maskInput, sequenceInputs } from './inputs.ts';
import { type OfHeads, reductions } from './pattern.ts';

export interface BlockGradientVariant {
  layer: number;
  /** How the output combines the heads' attention × gradient; null: there is no such output. */
  of: Exclude<OfHeads, 'each'> | null;
}

/**
 * Inputs: `before` `[S, C]`, the stream before the block; `after_gradient` `[S, C]`, ∂f/∂(the stream after it);
 * `positions` `[S]`; `shares` `[H]` unless `of` is null.
 * Outputs: `before_gradient` `[S, C]`; `products` `[S, S]` unless `of` is null: (A ⊙ ∂f/∂A)⁺ of each head times its
 * share, the sum or the largest over heads.
 */
export function blockGradientGraph(checkpoint: Checkpoint, { layer, of }: BlockGradientVariant): Graph {
  const { context, positions } = sequenceInputs(checkpoint, { batch: 1, steps: 'S', past: false });
  const { g, config, S } = context;
  const { heads: H, width: C } = config;
  const before = g.input('before', 'float', [S, C]);
  const dAfter = g.input('after_gradient', 'float', [S, C]);

  const options = { layer, past: null, mask: maskInput(context, positions) };
  const parts = blockParts(context, before, options);
  const giveOut = (of: keyof typeof reductions, dPattern: Value) => {
    const products = relu(g, mul(g, parts.attention.pattern, dPattern));
    const shares = unsqueeze(g, g.input('shares', 'float', [H]), [1, 2]);
    const shared = mul(g, reshape(g, products, [H, S, S]), shares);
    g.output('products', reduceFirst(g, reductions[of], shared), [S, S]);
  };
  const dBefore = blockVjp(context, dAfter, parts, null, (dPattern) => of && giveOut(of, dPattern));
  g.output('before_gradient', dBefore, [S, C]);
  return g;
}

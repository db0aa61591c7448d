/** The stream at every time step of a batch of B inputs, for reading what the model expects there. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { product } from '../../onnx/dims.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { add, gatherRows, reshape, unsqueeze } from '../../onnx/ops.ts';
import { block } from '../layers/block.ts';
import { weight } from '../layers/context.ts';
import type { GradientVariant } from './gradient.ts';
import { hidingMaskInput, maskInput, sequenceInputs } from './inputs.ts';

export type ForwardVariant = Pick<GradientVariant, 'prefix' | 'hidden'>;

/**
 * Inputs: those of `gradientGraph` but for the objective's.
 * Outputs: `residual` `[S, B, C]`, the stream before ln_f.
 */
export function forwardGraph(checkpoint: Checkpoint, variant: ForwardVariant): Graph {
  const shape = { batch: 'B', steps: 'S', past: variant.prefix };
  const { context, positions, past: pasts } = sequenceInputs(checkpoint, shape);
  const { g, config, S, B } = context;
  const { width: C, layers } = config;
  const embeddings = g.input('embeddings', 'float', [S, B, C]);
  const mask = variant.hidden ? hidingMaskInput(context, positions) : maskInput(context, positions);
  const places = unsqueeze(g, gatherRows(g, weight(context, 'wpe.weight'), positions), [1]);
  let h: Value = reshape(g, add(g, embeddings, places), [product([S, B]), C]);
  for (let layer = 0; layer < layers; layer++) {
    h = block(context, h, { layer, past: pasts[layer] ?? null, mask }).after;
  }
  g.output('residual', reshape(g, h, [S, B, C]), [S, B, C]);
  return g;
}

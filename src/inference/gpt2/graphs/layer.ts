/**
 * The forward pass layer by layer, for measuring what the prediction after the last of S time steps loses when a part
 * is switched off: below that part nothing changes, so only the layers from there on are computed again. The last layer
 * is computed for the last time step only.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { product } from '../../onnx/dims.ts';
import { Graph, type Value } from '../../onnx/graph.ts';
import { reshape } from '../../onnx/ops.ts';
import { ablatedBlock } from '../layers/ablation.ts';
import { block } from '../layers/block.ts';
import type { LayerContext } from '../layers/context.ts';
import { causalMask } from '../layers/mask.ts';

/**
 * Inputs: `stream` `[S, B, C]`, the stream before the layer; `positions` `[S]`, except for the last layer.
 * Output: `after` `[S, B, C]`; `[B, C]` for the last layer.
 */
export function layerGraph(checkpoint: Checkpoint, layer: number): Graph {
  const { context, rows, isTop } = layerContext(checkpoint, layer, 'B');
  const { after } = block(context, rows, { layer, past: null, mask: maskOf(context, isTop) });
  return withOutput(context, after, 'B', isTop);
}

/**
 * Inputs: `stream` `[S, 1, C]`, the stream before the layer; `head_mask` `[M, H]` and `mlp_mask` `[M]`, 0 for the parts
 * that are switched off in each of M sequences; `positions` `[S]`, except for the last layer.
 * Output: `after` `[S, M, C]`; `[M, C]` for the last layer.
 */
export function ablationGraph(checkpoint: Checkpoint, layer: number): Graph {
  const { context, rows, isTop } = layerContext(checkpoint, layer, 1);
  const { g, config } = context;
  const headMask = g.input('head_mask', 'float', ['M', config.heads]);
  const mlpMask = g.input('mlp_mask', 'float', ['M']);
  const mask = maskOf(context, isTop);
  return withOutput(context, ablatedBlock(context, rows, { layer, mask, headMask, mlpMask }), 'M', isTop);
}

function layerContext({ config, weights }: Checkpoint, layer: number, B: 'B' | 1) {
  const g = new Graph();
  const context: LayerContext = { g, config, weights, S: 'S', B, P: 0, T: 'S' };
  const stream = g.input('stream', 'float', ['S', B, config.width]);
  const rows = reshape(g, stream, [product(['S', B]), config.width]);
  return { context, rows, isTop: layer === config.layers - 1 };
}

function maskOf(context: LayerContext, isTop: boolean): Value | null {
  if (isTop) return null;
  const positions = context.g.input('positions', 'int64', ['S']);
  return causalMask(context, positions, positions);
}

/** @param after `[sequences*S, C]`, or of the last time step alone `[sequences, C]` */
function withOutput(
  { g, config, S }: LayerContext,
  after: Value,
  sequences: 'B' | 'M',
  isTop: boolean,
): Graph {
  const shape = isTop ? [sequences, config.width] : [S, sequences, config.width];
  g.output('after', reshape(g, after, shape), shape);
  return g;
}

/**
 * The attention patterns of some heads of one layer, computed from the residual stream before it. So another head can
 * be looked at without another forward pass.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import { add, matmul, type Reduction, reduceFirst, reshape, softmax } from '../../onnx/ops.ts';
import { scoreScale } from '../layers/attention.ts';
import type { LayerContext } from '../layers/context.ts';
import { causalMask } from '../layers/mask.ts';
import { projectParts } from '../layers/projection.ts';

/** How the requested heads are combined: each by itself, their sum, or their largest weight. */
export type OfHeads = 'each' | 'sum' | 'max';

export interface PatternVariant {
  layer: number;
  of: OfHeads;
}

export const reductions = { sum: 'ReduceSum', max: 'ReduceMax' } as const satisfies Record<string, Reduction>;

/**
 * Inputs: `queries` `[Q, C]` and `keys` `[T, C]` (the stream before the layer), their positions `query_positions` `[Q]`
 * and `key_positions` `[T]`, `heads` `[N]`.
 * Output: `pattern`, after the softmax, `[N, Q, T]`; `[Q, T]` where the heads are combined.
 */
export function patternGraph({ config, weights }: Checkpoint, { layer, of }: PatternVariant): Graph {
  const g = new Graph();
  const [Q, T, N] = ['Q', 'T', 'N'];
  const C = config.width;
  const context: LayerContext = { g, config, weights, S: Q, B: 1, P: 0, T };
  const ofQueries = g.input('queries', 'float', [Q, C]);
  const ofKeys = g.input('keys', 'float', [T, C]);
  const queryPositions = g.input('query_positions', 'int64', [Q]);
  const keyPositions = g.input('key_positions', 'int64', [T]);
  const heads = g.input('heads', 'int64', [N]);

  const query = projectParts(context, layer, ofQueries, heads);
  const key = projectParts(context, layer, ofKeys, add(g, heads, g.integers([config.heads])));
  const scores = matmul(
    g,
    { value: query, timeMajor: true },
    { value: key, timeMajor: true, transpose: true },
    scoreScale(context, layer),
  );
  const masked = add(g, scores, causalMask(context, queryPositions, keyPositions));
  const pattern = reshape(g, softmax(g, masked), [N, Q, T]);
  if (of === 'each') g.output('pattern', pattern, [N, Q, T]);
  else g.output('pattern', reduceFirst(g, reductions[of], pattern), [Q, T]);
  return g;
}

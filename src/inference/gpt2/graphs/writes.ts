/**
 * What one layer writes along a direction of the residual stream at the last token read; its attention is split by the
 * token that each value came from, and by head. Keys and values are left from reading, so only one token is computed.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph, type Value } from '../../onnx/graph.ts';
import {
  add,
  gemm,
  matmul,
  mul,
  reduceFirst,
  reduceLast,
  reshape,
  softmax,
  split,
  transpose,
} from '../../onnx/ops.ts';
import { scoreScale } from '../layers/attention.ts';
import { mlp } from '../layers/block.ts';
import { type LayerContext, weight } from '../layers/context.ts';
import { layerNorm } from '../layers/layerNorm.ts';
import { linear } from '../layers/linear.ts';

/**
 * Inputs: `stream` `[1, C]`, the stream before the layer; `keys` and `values` `[T, 1, H, D]` of the layer, the last token's
 * own included; `direction` `[1, C]`, u.
 * Outputs, with a_hj = A_h[last, j] · v_j^h W_O^h u, without the output projection's bias: `attention` `[T]`, Σ_h a_hj;
 * `heads` `[H]`, Σ_j a_hj; `mlp` `[1]`: the MLP's output · u.
 */
export function writesGraph({ config, weights }: Checkpoint, layer: number): Graph {
  const g = new Graph();
  const { heads: H, width: C } = config;
  const [T, D] = ['T', C / H];
  const context: LayerContext = { g, config, weights, S: 1, B: 1, P: 0, T };
  const name = `h.${layer}`;
  const stream = g.input('stream', 'float', [1, C]);
  const keys = g.input('keys', 'float', [T, 1, H, D]);
  const values = g.input('values', 'float', [T, 1, H, D]);
  const direction = g.input('direction', 'float', [1, C]);

  const qkv = linear(context, `${name}.attn.c_attn`, layerNorm(context, `${name}.ln_1`, stream));
  const [query] = split(g, reshape(g, qkv, [1, 1, 3 * H, D]), 2, 3) as [Value];
  const against = (x: Value, y: Value, alpha: number) =>
    matmul(g, { value: x, timeMajor: true }, { value: y, timeMajor: true, transpose: true }, alpha);
  const pattern = softmax(g, against(query, keys, scoreScale(context, layer)));

  // W_O u, head by head: from there on a value is D numbers long, not C.
  const projected = gemm(g, direction, weight(context, `${name}.attn.c_proj.weight`), null, true);
  const alongDirection = against(reshape(g, projected, [1, 1, H, D]), values, 1);
  const ofHeads = reshape(g, mul(g, pattern, alongDirection), [H, T]);
  g.output('attention', reduceFirst(g, 'ReduceSum', ofHeads), [T]);
  g.output('heads', reshape(g, reduceLast(g, 'ReduceSum', ofHeads, true), [H]), [H]);

  const mixed = matmul(g, { value: pattern }, { value: values, timeMajor: true });
  const sideBySide = reshape(g, transpose(g, mixed, [2, 0, 1, 3]), [1, C]);
  const middle = add(g, stream, linear(context, `${name}.attn.c_proj`, sideBySide));
  const written = mlp(context, layer, middle);
  g.output('mlp', reshape(g, gemm(g, written, direction, null, true), [1]), [1]);
  return g;
}

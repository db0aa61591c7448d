/** Some heads' queries, keys or values alone. */
import { type Dim, product } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import { gather, gatherRows, gemm, reshape } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';
import { layerNorm } from './layerNorm.ts';

/**
 * The parts of the query-key-value projection that are asked for: 0 … H − 1 are the queries' heads, then come those of the
 * keys and of the values.
 * @param x the stream before the layer, `[rows, C]`
 * @param parts `[N]`; an input of the graph, as the runtime would keep a copy of the weights of constant parts
 * @returns `[rows, 1, N, D]`
 */
export function projectParts(context: LayerContext, layer: number, x: Value, parts: Value): Value {
  const { g, config } = context;
  const { heads: H, width: C } = config;
  const name = `h.${layer}.attn.c_attn`;
  const [rows, N, D] = [x.shape[0] as Dim, parts.shape[0] as Dim, C / H];
  const matrix = gather(g, weight(context, `${name}.weight`, [C, 3 * H, D]), parts, 1);
  const bias = gatherRows(g, weight(context, `${name}.bias`, [3 * H, D]), parts);
  const columns = product([N, D]);
  const normed = layerNorm(context, `h.${layer}.ln_1`, x);
  const projected = gemm(g, normed, reshape(g, matrix, [C, columns]), reshape(g, bias, [columns]));
  return reshape(g, projected, [rows, 1, N, D]);
}

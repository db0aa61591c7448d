/** How far each token's embedding goes in given directions. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import { gemm } from '../../onnx/ops.ts';
import { weight } from '../layers/context.ts';

/**
 * Input: `directions` `[N, C]`.
 * Output: `products` `[N, V]`, each direction times each row of wte.
 */
export function productsGraph({ config, weights }: Checkpoint): Graph {
  const g = new Graph();
  const N = 'N';
  const directions = g.input('directions', 'float', [N, config.width]);
  const embeddings = weight({ g, config, weights, S: N, B: 1, P: 0, T: N }, 'wte.weight');
  g.output('products', gemm(g, directions, embeddings, null, true), [N, config.vocabularySize]);
  return g;
}

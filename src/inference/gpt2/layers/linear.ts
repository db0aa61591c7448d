/** y = x W + b, with Hugging Face's Conv1D layout W `[in, out]`. */
import type { Dim } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, gemm, matmul, reduceFirst, reshape } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';

/** x `[N, in]` → `[N, out]`. */
export function linear(context: LayerContext, name: string, x: Value): Value {
  const bias = weight(context, `${name}.bias`);
  if (x.shape[0] === 1) return add(context.g, rowTimesMatrix(context, `${name}.weight`, x), bias);
  return gemm(context.g, x, weight(context, `${name}.weight`), bias);
}

/** ∂y/∂x = W, so dx = dy Wᵀ: dy `[N, out]` → `[N, in]`. */
export function linearVjp(context: LayerContext, name: string, dy: Value): Value {
  return gemm(context.g, dy, weight(context, `${name}.weight`), null, true);
}

/** Into how many pieces the matrix is cut for the threads. */
const pieces = 4;

/**
 * x `[1, in]` → x W, as the sum over horizontal pieces of W. For a single row the cost is reading W. Cut like this,
 * each thread reads contiguous memory; Gemm gives each thread a part of every row, which is 10 % slower.
 */
function rowTimesMatrix(context: LayerContext, name: string, x: Value): Value {
  const { g } = context;
  const inner = x.shape[1] as number;
  const matrix = weight(context, name);
  if (inner % pieces !== 0) return gemm(g, x, matrix, null);
  const columns = matrix.shape[1] as Dim;
  const part = inner / pieces;
  const stacked = weight(context, name, [pieces, part, columns]);
  const products = matmul(g, { value: reshape(g, x, [pieces, 1, part]) }, { value: stacked });
  return reduceFirst(g, 'ReduceSum', products);
}

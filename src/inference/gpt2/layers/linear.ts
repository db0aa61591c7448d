/** y = x W + b, with Hugging Face's Conv1D layout W `[in, out]`. */
import type { Value } from '../../onnx/graph.ts';
import { gemm } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';

/** x `[N, in]` → `[N, out]`. */
export function linear(context: LayerContext, name: string, x: Value): Value {
  return gemm(context.g, x, weight(context, `${name}.weight`), weight(context, `${name}.bias`));
}

/** ∂y/∂x = W, so dx = dy Wᵀ: dy `[N, out]` → `[N, in]`. */
export function linearVjp(context: LayerContext, name: string, dy: Value): Value {
  return gemm(context.g, dy, weight(context, `${name}.weight`), null, true);
}

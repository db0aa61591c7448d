import type { Value } from '../../onnx/graph.ts';
import { gemm } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';
import { layerNorm } from './layerNorm.ts';

/** The matrix whose rows are the unembedding directions, `[V, C]`. */
export function unembedding(context: LayerContext): Value {
  return weight(context, context.config.tied ? 'wte.weight' : 'lm_head.weight');
}

/** The residual stream `[N, C]` → logits `[N, V]`. */
export function unembed(context: LayerContext, h: Value): Value {
  return gemm(context.g, layerNorm(context, 'ln_f', h), unembedding(context), null, true);
}

import type { Value } from '../../onnx/graph.ts';
import { add, gatherRows } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';

/** wte[id] + wpe[position]: ids and positions `[S]` → `[S, C]`. */
export function embed(context: LayerContext, ids: Value, positions: Value): Value {
  const { g } = context;
  const tokens = gatherRows(g, weight(context, 'wte.weight'), ids);
  return add(g, tokens, gatherRows(g, weight(context, 'wpe.weight'), positions));
}

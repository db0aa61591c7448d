/** Graph outputs that several graphs have in common. */
import type { Graph, Value } from '../../onnx/graph.ts';
import { exp, mul, reduceLast, sub, topK, unsqueeze } from '../../onnx/ops.ts';
import type { KeysAndValues } from '../layers/attention.ts';
import type { LayerContext } from '../layers/context.ts';

/** `keys.l` and `values.l` `[S, B, H, D]`: what the next tokens will need as their past. */
export function presentOutputs(
  { g, config, S, B }: LayerContext,
  layer: number,
  { keys, values }: KeysAndValues,
): void {
  const shape = [S, B, config.heads, config.width / config.heads];
  g.output(`keys.${layer}`, keys, shape);
  g.output(`values.${layer}`, values, shape);
}

/**
 * `logits` `[N, V]`; `log_total` `[N]` (logsumexp); `entropy` `[N]` (nats); `top_logits`, `top_ids` `[N, K]`, with K
 * from one more input, `k`.
 * @returns log_total, and the probabilities `[N, V]`
 */
export function distributionOutputs(
  { g }: LayerContext,
  logits: Value,
): { logTotal: Value; probabilities: Value } {
  const [N, V] = logits.shape as [Value['shape'][0], Value['shape'][0]];
  const logTotal = reduceLast(g, 'ReduceLogSumExp', logits, false);
  const logProbs = sub(g, logits, unsqueeze(g, logTotal, [1]));
  const probabilities = exp(g, logProbs);
  const top = topK(g, logits, g.input('k', 'int64', [1]), 'K');
  g.output('logits', logits, [N, V]);
  g.output('log_total', logTotal, [N]);
  g.output('entropy', entropy(g, probabilities, logProbs), [N]);
  g.output('top_logits', top.values, [N, 'K']);
  g.output('top_ids', top.indices, [N, 'K']);
  return { logTotal, probabilities };
}

/** −Σ p log p. */
function entropy(g: Graph, probabilities: Value, logProbs: Value): Value {
  const negative = reduceLast(g, 'ReduceSum', mul(g, probabilities, logProbs), false);
  return mul(g, negative, g.float(-1));
}

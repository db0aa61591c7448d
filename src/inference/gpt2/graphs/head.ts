/** From the residual stream to the next token's distribution, summarised in the graph so that logits need not leave it. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import { cast, exp, gemm, greater, mul, pick, reduceLast, sub, topK, unsqueeze } from '../../onnx/ops.ts';
import { type LayerContext, unembedding } from '../layers/context.ts';
import { layerNorm } from '../layers/layerNorm.ts';

/**
 * Inputs: `residual` `[N, C]` (before ln_f), `next` `[N]` (the ids that came next), `k` `[1]`.
 * Outputs: `logits` `[N, V]`; `log_total` `[N]` (logsumexp); `log_prob` `[N]` of `next`; `above` `[N]` (how many
 * tokens have a larger logit than `next`); `entropy` `[N]` (nats); `top_logits`, `top_ids` `[N, K]`.
 */
export function headGraph({ config, weights }: Checkpoint): Graph {
  const g = new Graph();
  const [N, V] = ['N', config.vocabularySize];
  const context: LayerContext = { g, config, weights, S: N, B: 1, P: 0, T: N };
  const residual = g.input('residual', 'float', [N, config.width]);
  const next = g.input('next', 'int64', [N]);
  const k = g.input('k', 'int64', [1]);

  const logits = gemm(g, layerNorm(context, 'ln_f', residual), unembedding(context), null, true);
  const logTotal = reduceLast(g, 'ReduceLogSumExp', logits, false);
  const logProbs = sub(g, logits, unsqueeze(g, logTotal, [1]));
  const chosen = pick(g, logits, next);
  const above = greater(g, logits, unsqueeze(g, chosen, [1]));
  const plogp = reduceLast(g, 'ReduceSum', mul(g, exp(g, logProbs), logProbs), false);
  const top = topK(g, logits, k, 'K');

  g.output('logits', logits, [N, V]);
  g.output('log_total', logTotal, [N]);
  g.output('log_prob', sub(g, chosen, logTotal), [N]);
  g.output('above', reduceLast(g, 'ReduceSum', cast(g, above, 'float'), false), [N]);
  g.output('entropy', mul(g, plogp, g.float(-1)), [N]);
  g.output('top_logits', top.values, [N, 'K']);
  g.output('top_ids', top.indices, [N, 'K']);
  return g;
}

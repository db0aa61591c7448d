/** From the residual stream to the next token's distribution, summarised in the graph so that logits need not leave it. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import { cast, greater, pick, reduceLast, sub, unsqueeze } from '../../onnx/ops.ts';
import type { LayerContext } from '../layers/context.ts';
import { unembed } from '../layers/unembed.ts';
import { distributionOutputs } from './outputs.ts';

/**
 * Inputs: `residual` `[N, C]` (before ln_f), `next` `[N]` (the ids that came next), `k` `[1]`.
 * Outputs: those of {@link distributionOutputs}; `log_prob` `[N]` of `next`; `above` `[N]` (how many tokens have a
 * larger logit than `next`).
 */
export function headGraph({ config, weights }: Checkpoint): Graph {
  const g = new Graph();
  const N = 'N';
  const context: LayerContext = { g, config, weights, S: N, B: 1, P: 0, T: N };
  const residual = g.input('residual', 'float', [N, config.width]);
  const next = g.input('next', 'int64', [N]);

  const logits = unembed(context, residual);
  const logTotal = distributionOutputs(context, logits);
  const chosen = pick(g, logits, next);
  const above = greater(g, logits, unsqueeze(g, chosen, [1]));

  g.output('log_prob', sub(g, chosen, logTotal), [N]);
  g.output('above', reduceLast(g, 'ReduceSum', cast(g, above, 'float'), false), [N]);
  return g;
}

/** From the residual stream to the next token's distribution, summarised in the graph so that logits need not leave it. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import {
  cast,
  gemm,
  greater,
  log,
  maximum,
  pick,
  reduceLast,
  reshape,
  sub,
  unsqueeze,
} from '../../onnx/ops.ts';
import type { LayerContext } from '../layers/context.ts';
import { unembed } from '../layers/unembed.ts';
import { distributionOutputs } from './outputs.ts';

/** In float32 anything below is 0, whose logarithm is not finite. */
const leastProbability = 2 ** -126;

/**
 * Inputs: `residual` `[N, C]` (before ln_f), `next` `[N]` (the ids that came next), `k` `[1]`.
 * Outputs: those of {@link distributionOutputs}; `log_prob` `[N]` of `next`; `above` `[N]` (how many tokens have a
 * larger logit than `next`); `word_end` `[N]` (log-probability that one of `wordEnds` comes next).
 * @param wordEnds `[V]`: 1 for each token that ends the word before it
 */
export function headGraph({ config, weights }: Checkpoint, wordEnds: Uint8Array): Graph {
  const g = new Graph();
  const N = 'N';
  const context: LayerContext = { g, config, weights, S: N, B: 1, P: 0, T: N };
  const residual = g.input('residual', 'float', [N, config.width]);
  const next = g.input('next', 'int64', [N]);

  const logits = unembed(context, residual);
  const { logTotal, probabilities } = distributionOutputs(context, logits);
  const chosen = pick(g, logits, next);
  const above = greater(g, logits, unsqueeze(g, chosen, [1]));

  const ends = reshape(g, g.float(Float32Array.from(wordEnds)), [config.vocabularySize, 1]);
  const wordEnd = log(g, maximum(g, gemm(g, probabilities, ends, null), g.float(leastProbability)));

  g.output('log_prob', sub(g, chosen, logTotal), [N]);
  g.output('above', reduceLast(g, 'ReduceSum', cast(g, above, 'float'), false), [N]);
  g.output('word_end', reshape(g, wordEnd, [N]), [N]);
  return g;
}

/** How expected given tokens were, at many positions at once. */
import type { TokenScore } from '../../protocol/results.ts';
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, integers } from '../runtime/tensors.ts';
import type { Network } from './network.ts';

export type Prediction = Pick<TokenScore, 'top'> & {
  logProb: number;
  rank: number;
  entropy: number;
  wordEnd: number;
};

type PredictionParts = Pick<Network, 'config' | 'programs' | 'tokenizer'>;

const outputs = ['log_prob', 'above', 'entropy', 'word_end', 'log_total', 'top_logits'] as const;

/**
 * Works slice by slice, so that other requests get their turns.
 * @param residual the stream before ln_f at the positions, `[N, C]`
 * @param next the N ids that came next
 * @param top how many alternatives are listed for each
 */
export async function* predictions(
  network: PredictionParts,
  residual: Float32Array,
  next: readonly number[],
  top: number,
  run: Run,
): AsyncGenerator<Prediction[]> {
  const { width } = network.config;
  for (let start = 0; start < next.length; ) {
    const ids = next.slice(start, start + network.programs.pace.head.rows);
    const rows = residual.subarray(start * width, (start + ids.length) * width);
    yield await predict(network, rows, ids, top, run);
    start += ids.length;
    await run.breathe();
  }
}

async function predict(
  network: PredictionParts,
  residual: Float32Array,
  next: readonly number[],
  top: number,
  run: Run,
): Promise<Prediction[]> {
  const { config, tokenizer, programs } = network;
  const head = await programs.head(run);
  const k = Math.max(1, Math.min(top, config.vocabularySize));
  const feeds = {
    residual: floats(residual, [next.length, config.width]),
    next: integers(next),
    k: integers([k]),
  };
  const out = await programs.pace.head.time(next.length, () => fetch(head, feeds, outputs, ['top_ids']));
  return next.map((_, row) => ({
    logProb: out.log_prob[row] as number,
    rank: (out.above[row] as number) + 1,
    entropy: out.entropy[row] as number,
    wordEnd: out.word_end[row] as number,
    top: Array.from({ length: Math.min(top, k) }, (_, place) => {
      const id = out.top_ids[row * k + place] as number;
      const logit = out.top_logits[row * k + place] as number;
      return {
        ...tokenizer.shown(id),
        probability: Math.exp(logit - (out.log_total[row] as number)),
      };
    }),
  }));
}

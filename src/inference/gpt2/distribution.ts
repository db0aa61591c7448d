/** The model's distribution over the next token, at one position. */
import type { Alternative } from '../../protocol/results.ts';
import type { Gpt2Config } from '../checkpoint/types.ts';
import type { Run } from '../run.ts';
import { type Fetched, fetch } from '../runtime/fetch.ts';
import { floats, integers, type Tensor } from '../runtime/tensors.ts';
import type { Network } from './network.ts';

export interface Distribution {
  /** `[V]`. */
  logits: Float32Array;
  /** In nats. */
  entropy: number;
  logProbability(id: number): number;
  probability(id: number): number;
  /** 1 for the most probable token. */
  rank(id: number): number;
  /** The k most probable tokens, most probable first. */
  top: Alternative[];
}

/** What {@link distributionOf} needs of a graph with the outputs of `distributionOutputs`. */
export const distributionNames = {
  floats: ['logits', 'log_total', 'entropy'],
  integers: ['top_ids'],
} as const;

/**
 * @param residual the stream before ln_f at the position, `[C]`
 * @returns `wordEnd`: the log-probability of what ends a word
 */
export async function distributionAt(
  network: Network,
  residual: Float32Array,
  k: number,
  run: Run,
): Promise<Distribution & { wordEnd: number }> {
  const { config, programs } = network;
  const head = await programs.head(run);
  const feeds = {
    residual: floats(residual, [1, config.width]),
    next: integers([0]),
    ...topFeeds(config, k),
  };
  const names = [...distributionNames.floats, 'word_end'] as const;
  const outputs = await fetch(head, feeds, names, distributionNames.integers);
  return { ...(await distributionOf(network, outputs, run)), wordEnd: outputs.word_end[0] as number };
}

export function topFeeds({ vocabularySize }: Pick<Gpt2Config, 'vocabularySize'>, k: number): { k: Tensor } {
  return { k: integers([Math.min(k, vocabularySize)]) };
}

export type DistributionOutputs = Fetched<
  (typeof distributionNames.floats)[number],
  (typeof distributionNames.integers)[number]
>;

/** The distribution at the only position of the outputs. */
export async function distributionOf(
  { soundness, tokenizer }: Pick<Network, 'soundness' | 'tokenizer'>,
  { logits, log_total, entropy, top_ids }: DistributionOutputs,
  run: Run,
): Promise<Distribution> {
  const logTotal = await soundness.finite(log_total[0], run);
  const logProbability = (id: number) => (logits[id] as number) - logTotal;
  const probability = (id: number) => Math.exp(logProbability(id));
  const top = top_ids.map((id) => ({
    ...tokenizer.shown(id),
    probability: probability(id),
    logit: logits[id] as number,
  }));
  const rank = (id: number) => 1 + countAbove(logits, logits[id] as number);
  return { logits, entropy: entropy[0] as number, logProbability, probability, rank, top };
}

function countAbove(logits: Float32Array, logit: number): number {
  let above = 0;
  for (let id = 0; id < logits.length; id++) if ((logits[id] as number) > logit) above++;
  return above;
}

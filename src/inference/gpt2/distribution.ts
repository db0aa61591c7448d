/** The model's distribution over the next token, at one position. */
import type { Alternative } from '../../protocol/results.ts';
import type { Run } from '../run.ts';
import { type Fetched, fetch } from '../runtime/fetch.ts';
import { floats, integers, type Tensor } from '../runtime/tensors.ts';
import type { Gpt2 } from './model.ts';

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

/** @param residual the stream before ln_f at the position, `[C]` */
export async function distributionAt(
  model: Gpt2,
  residual: Float32Array,
  k: number,
  run: Run,
): Promise<Distribution> {
  const { width } = model.config;
  const head = await model.headSession(run);
  const feeds = {
    residual: floats(residual, [1, width]),
    next: integers([0]),
    ...topFeeds(model, k),
  };
  const outputs = await fetch(head, feeds, distributionNames.floats, distributionNames.integers);
  return distributionOf(model, outputs, run);
}

export function topFeeds({ config }: Gpt2, k: number): { k: Tensor } {
  return { k: integers([Math.min(k, config.vocabularySize)]) };
}

export type DistributionOutputs = Fetched<
  (typeof distributionNames.floats)[number],
  (typeof distributionNames.integers)[number]
>;

/** The distribution at the only position of the outputs. */
export async function distributionOf(
  model: Gpt2,
  { logits, log_total, entropy, top_ids }: DistributionOutputs,
  run: Run,
): Promise<Distribution> {
  const logTotal = await model.finite(log_total[0], run);
  const logProbability = (id: number) => (logits[id] as number) - logTotal;
  const probability = (id: number) => Math.exp(logProbability(id));
  const top = top_ids.map((id) => ({
    ...model.tokenizer.shown(id),
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

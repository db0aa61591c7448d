/** The model's distribution over the next token, at one position. */
import type { Alternative } from '../../protocol/results.ts';
import type { Run } from '../run.ts';
import type { Gpt2 } from './model.ts';
import { fetch, floats, integers } from './tensors.ts';

export interface Distribution {
  /** `[V]`. */
  logits: Float32Array;
  logProbability(id: number): number;
  probability(id: number): number;
  /** The k most probable tokens, most probable first. */
  top: Alternative[];
}

/** @param residual the stream before ln_f at the position, `[C]` */
export async function distributionAt(
  model: Gpt2,
  residual: Float32Array,
  k: number,
  run: Run,
): Promise<Distribution> {
  const { ort, config, tokenizer } = model;
  const head = await model.headSession(run);
  const feeds = {
    residual: floats(ort, residual, [1, config.width]),
    next: integers(ort, [0]),
    k: integers(ort, [Math.min(k, config.vocabularySize)]),
  };
  const { logits, log_total, top_ids } = await fetch(head, feeds, ['logits', 'log_total', 'top_ids']);
  const logTotal = await model.finite(log_total[0], run);
  const logProbability = (id: number) => (logits[id] as number) - logTotal;
  const probability = (id: number) => Math.exp(logProbability(id));
  const top = Array.from(top_ids, (id) => ({
    id,
    text: tokenizer.textOf(id),
    probability: probability(id),
    logit: logits[id] as number,
  }));
  return { logits, logProbability, probability, top };
}

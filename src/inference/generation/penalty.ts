/**
 * The repetition penalty of Keskar et al. 2019 (CTRL, section 4.1) as in Hugging Face's
 * RepetitionPenaltyLogitsProcessor: z / penalty for z > 0 and z · penalty for z < 0, once for every token that has
 * occurred.
 * @param logits `[V]`; not changed
 * @param occurred ids in the context and in what has been generated
 */
export function penalize(logits: Float32Array, occurred: ReadonlySet<number>, penalty: number): Float32Array {
  if (penalty === 1) return logits;
  const penalized = logits.slice();
  for (const id of occurred) {
    const logit = logits[id] as number;
    penalized[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return penalized;
}

/** The probability with which generation draws each token. */
import { type Cut, lotsOf } from './sampling.ts';

export interface Chances {
  /** 0 for a token that is cut off. */
  of(id: number): number;
  /** How many tokens can be drawn. */
  kept: number;
  /** In nats. */
  entropy: number;
}

/** @param logits `[V]` */
export function chancesOf(logits: Float32Array, cut: Cut): Chances {
  const { ids, weights } = lotsOf(logits, cut);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chances = new Float64Array(logits.length);
  let kept = 0;
  let entropy = 0;
  for (let place = 0; place < weights.length; place++) {
    const chance = (weights[place] as number) / total;
    // At a low temperature most weights underflow to 0.
    if (chance === 0) continue;
    chances[ids?.[place] ?? place] = chance;
    kept++;
    entropy -= chance * Math.log(chance);
  }
  return { of: (id) => chances[id] as number, kept, entropy };
}

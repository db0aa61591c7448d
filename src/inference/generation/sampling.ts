/** One token from a distribution. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Sampling } from '../../protocol/results.ts';

export type RandomNumber = () => number;

/** Uniform numbers in [0, 1): the same seed and stream, the same numbers on every machine. */
export function randomNumbers(seed: number, stream: number): RandomNumber {
  // The generator takes 32 bits: the golden ratio spreads neighbouring seeds and streams over them.
  const generator = xoroshiro128plus((seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0);
  return () => uniformFloat64(generator);
}

/**
 * Greedy at temperature 0; else from softmax(z / temperature) cut to the `topK` most probable tokens and then to the
 * smallest set of at least `topP` probability (Holtzman et al. 2020), in that order, as Hugging Face does.
 * @param logits `[V]`
 */
export function sample(logits: Float32Array, sampling: Sampling, random: RandomNumber): number {
  const { temperature, topK, topP } = sampling;
  if (temperature === 0 || topK === 1) return largest(logits);

  const best = logits[largest(logits)] as number;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - best) / temperature));
  if (topK === 0 && topP >= 1) return draw(weights, null, random);

  const byWeight = Uint32Array.from(weights, (_, id) => id).sort(
    (a, b) => weights[b]! - weights[a]! || a - b,
  );
  const kept = topK === 0 ? byWeight : byWeight.subarray(0, topK);
  return draw(weights, nucleus(weights, kept, topP), random);
}

function nucleus(weights: Float64Array, ids: Uint32Array, topP: number): Uint32Array {
  const total = ids.reduce((sum, id) => sum + (weights[id] as number), 0);
  let sum = 0;
  const last = ids.findIndex((id) => {
    sum += weights[id] as number;
    return sum >= topP * total;
  });
  return last < 0 ? ids : ids.subarray(0, last + 1);
}

/** Draws in proportion to the weights, among `ids` or all. */
function draw(weights: Float64Array, ids: Uint32Array | null, random: RandomNumber): number {
  const count = ids?.length ?? weights.length;
  const idAt = (place: number) => ids?.[place] ?? place;
  let total = 0;
  for (let place = 0; place < count; place++) total += weights[idAt(place)] as number;
  let rest = random() * total;
  for (let place = 0; place < count; place++) {
    rest -= weights[idAt(place)] as number;
    if (rest < 0) return idAt(place);
  }
  return idAt(count - 1);
}

function largest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

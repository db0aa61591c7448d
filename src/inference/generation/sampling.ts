/** The weighted tokens that generation draws from, and the draw of one of them. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Sampling } from '../../protocol/results.ts';

export type RandomNumber = () => number;

/** Uniform numbers in [0, 1): the same seed and stream give the same numbers on every machine. */
export function randomNumbers(seed: number, stream: number): RandomNumber {
  // The generator takes 32 bits: the golden ratio spreads neighbouring seeds and streams over them.
  const generator = xoroshiro128plus((seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0);
  return () => uniformFloat64(generator);
}

export type Cut = Pick<Sampling, 'temperature' | 'topK' | 'topP'>;

/** The tokens that can be drawn, each in proportion to its weight. */
export interface Lots {
  /** Null: every token, in the order of the ids. */
  ids: Uint32Array | null;
  weights: Float64Array;
}

/** @param logits `[V]` */
export function sample(logits: Float32Array, cut: Cut, random: RandomNumber): number {
  return draw(lotsOf(logits, cut), random);
}

/**
 * The most probable token at temperature 0; else softmax(z / temperature) cut to the `topK` most probable tokens and then
 * to the smallest set of at least `topP` probability (Holtzman et al. 2020), in that order, as Hugging Face does.
 * @param logits `[V]`
 */
export function lotsOf(logits: Float32Array, { temperature, topK, topP }: Cut): Lots {
  const best = largest(logits);
  if (temperature === 0 || topK === 1) return { ids: Uint32Array.of(best), weights: Float64Array.of(1) };

  const weights = new Float64Array(logits.length);
  let all = 0;
  for (let id = 0; id < logits.length; id++) {
    weights[id] = Math.exp((logits[id]! - logits[best]!) / temperature);
    all += weights[id]!;
  }
  if (topK === 0 && topP >= 1) return { ids: null, weights };

  const likely =
    topK === 0
      ? likeliest(weights, (_, sum) => sum >= topP * all)
      : likeliest(weights, (count) => count >= topK).subarray(0, topK);
  const total = topK === 0 ? all : likely.reduce((sum, id) => sum + weights[id]!, 0);
  const ids = nucleus(weights, likely, topP * total);
  return { ids, weights: Float64Array.from(ids, (id) => weights[id] as number) };
}

/**
 * Lower bounds that are tried in turn, as fractions of the largest weight: only the weights above the bound are sorted.
 */
const leastWeights = [-1, -2, -3, -4, -6, -8, -12, -16].map((power) => 10 ** power);

/**
 * The ids of the largest weights, largest first, and no more than needed: sorting them all takes longer than the
 * model's own step.
 * @param isEnough is told how many weights there are and what they sum to
 */
function likeliest(weights: Float64Array, isEnough: (count: number, sum: number) => boolean): Uint32Array {
  const least = leastWeights.find((bound) => {
    let count = 0;
    let sum = 0;
    for (let id = 0; id < weights.length; id++) {
      if (weights[id]! < bound) continue;
      count++;
      sum += weights[id]!;
    }
    return isEnough(count, sum);
  });
  const ids = new Uint32Array(weights.length);
  let count = 0;
  for (let id = 0; id < weights.length; id++) if (weights[id]! >= (least ?? 0)) ids[count++] = id;
  return ids.subarray(0, count).sort((a, b) => weights[b]! - weights[a]! || a - b);
}

/** The first of `ids` whose weights add up to `wanted`, or all. */
function nucleus(weights: Float64Array, ids: Uint32Array, wanted: number): Uint32Array {
  let sum = 0;
  const last = ids.findIndex((id) => {
    sum += weights[id]!;
    return sum >= wanted;
  });
  return last < 0 ? ids : ids.subarray(0, last + 1);
}

function draw({ ids, weights }: Lots, random: RandomNumber): number {
  const idAt = (place: number) => ids?.[place] ?? place;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = random() * total;
  for (let place = 0; place < weights.length; place++) {
    rest -= weights[place] as number;
    if (rest < 0) return idAt(place);
  }
  return idAt(weights.length - 1);
}

function largest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

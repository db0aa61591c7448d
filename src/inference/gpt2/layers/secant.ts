/**
 * DeepLIFT's multipliers (Shrikumar et al. 2017) through what is not linear, between an input and its reference, which is
 * written with a prime. Each takes the multiplier m of an output and gives that of an input, so that Σ m Δ stays the same:
 *
 * - one input to one output (the rescale rule): m (f(x) − f(x′)) / (x − x′);
 * - a product x y: m ȳ for x and m x̄ for y, the means over both ends, since Δ(x y) = Δx ȳ + x̄ Δy. So the multiplier of a
 *   product is its gradient half way.
 *
 * Everything else in the model is made of these, of sums, and of log Σ eˢ, for which see {@link logSumExpSecant}.
 */
import type { Value } from '../../onnx/graph.ts';
import {
  abs,
  add,
  div,
  greater,
  layerNormalization,
  mul,
  reduceLast,
  scale,
  sqrt,
  sub,
  where,
} from '../../onnx/ops.ts';
import { activations } from './activation.ts';
import { type LayerContext, weight } from './context.ts';

/** What was computed for the input and for its reference. */
export interface Ends {
  at: Value;
  reference: Value;
}

/** Its mean over both ends. */
export function middle({ g }: LayerContext, { at, reference }: Ends): Value {
  return scale(g, add(g, at, reference), 0.5);
}

/**
 * Through the MLP's activation. Ends that are so near that float32 cannot tell their difference well are given the
 * gradient half way, which differs by the square of their distance.
 */
export function activationSecant(context: LayerContext, m: Value, { at, reference }: Ends): Value {
  const { g, config } = context;
  const { forward, vjp, near } = activations[config.activation];
  const distance = sub(g, at, reference);
  const slope = div(g, sub(g, forward(g, at), forward(g, reference)), distance);
  const isFar = greater(g, abs(g, distance), g.float(near));
  return where(g, isFar, mul(g, m, slope), vjp(g, m, middle(context, { at, reference })));
}

/**
 * (eˢ − eˢ′) / (s − s′).
 * @param powers eˢ and eˢ′
 * @param difference s − s′
 */
export function exponentialSecant({ g }: LayerContext, powers: Ends, difference: Value): Value {
  const { at, reference } = powers;
  const squared = mul(g, difference, difference);
  // 2 sinh(d/2) / d, and its series where the difference of the powers would lose digits.
  const series = add(g, mul(g, squared, add(g, scale(g, squared, 1 / 1920), g.float(1 / 24))), g.float(1));
  const mean = mul(g, sqrt(g, at), sqrt(g, reference));
  const isFar = greater(g, abs(g, difference), g.float(0.25));
  return where(g, isFar, div(g, sub(g, at, reference), difference), mul(g, mean, series));
}

/**
 * Through a layer norm y = γ (x − mean x) r + β with r = 1 / √(var x + ε): a product of x − mean x and r, where r is by the
 * rescale rule of the variance, and the variance a sum of squares. m, x `[N, C]` → `[N, C]`.
 */
export function layerNormSecant(
  context: LayerContext,
  name: string,
  m: Value,
  { at, reference }: Ends,
): Value {
  const { g, config } = context;
  const [x, y] = [centred(context, at), centred(context, reference)];
  const centre = middle(context, { at: x.centred, reference: y.centred });
  const rate = middle(context, { at: x.inverseStd, reference: y.inverseStd });
  const scaled = mul(g, m, weight(context, `${name}.weight`));
  // (r − r′) / (var − var′) without a difference: −(r r′)² / (r + r′).
  const product = mul(g, x.inverseStd, y.inverseStd);
  const ofVariance = div(g, mul(g, product, product), add(g, x.inverseStd, y.inverseStd));
  const ofRate = reduceLast(g, 'ReduceSum', mul(g, scaled, centre), true);
  const pull = scale(g, mul(g, ofRate, ofVariance), 2 / config.width);
  const ofCentred = sub(g, mul(g, scaled, rate), mul(g, centre, pull));
  return sub(g, ofCentred, reduceLast(g, 'ReduceMean', ofCentred, true));
}

function centred({ g, config }: LayerContext, x: Value): { centred: Value; inverseStd: Value } {
  const ones = g.shared('ones', () => g.float(new Float32Array(config.width).fill(1)));
  const zeros = g.shared('zeros', () => g.float(new Float32Array(config.width)));
  const { inverseStd } = layerNormalization(g, x, ones, zeros, config.layerNormEpsilon);
  return { centred: sub(g, x, reduceLast(g, 'ReduceMean', x, true)), inverseStd };
}

/** Through a softmax p = exp(s − log Σ eˢ), an exponential. m and the scores s have the same shape. */
export function softmaxSecant(context: LayerContext, m: Value, shares: Ends, scores: Ends): Value {
  const { g } = context;
  const means = logarithmicMeans(context, shares, scores);
  const ofPowers = mul(g, m, means);
  const sum = (x: Value) => reduceLast(g, 'ReduceSum', x, true);
  return sub(g, ofPowers, mul(g, means, div(g, sum(ofPowers), sum(means))));
}

/**
 * The multipliers of log Σ eˢ for the scores s: L / Σ L with the logarithmic means L of p and p′. As Σ (p − p′) = 0, these
 * keep Σ m Δ; they sum to 1, so that it does not matter what is added to all scores at one end.
 */
export function logSumExpSecant(context: LayerContext, shares: Ends, scores: Ends): Value {
  const { g } = context;
  const means = logarithmicMeans(context, shares, scores);
  return div(g, means, reduceLast(g, 'ReduceSum', means, true));
}

/** (p − p′) / (log p − log p′) over the last axis: between p and p′. */
function logarithmicMeans(context: LayerContext, shares: Ends, { at, reference }: Ends): Value {
  const { g } = context;
  const total = (end: Value) => reduceLast(g, 'ReduceLogSumExp', end, true);
  const ofTotals = sub(g, total(at), total(reference));
  return exponentialSecant(context, shares, sub(g, sub(g, at, reference), ofTotals));
}

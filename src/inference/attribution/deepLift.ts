/**
 * DeepLIFT (Shrikumar, Greenside and Kundaje 2017): the differences between the activations at x and at x′ are followed back
 * through the model by multipliers, which a chain rule composes. A token's score is Σ_c m (x − x′).
 *
 * Which rule is for what in GPT-2:
 * - linear maps, sums, the residual stream: their weights (the linear rule);
 * - GELU and ReLU, each of one number: the rescale rule, (f(z) − f(z′)) / (z − z′);
 * - products, which are queries with keys, the pattern with the values, and a layer norm's division: each factor is
 *   multiplied by the mean of the other one over both ends;
 * - a layer norm is such a product, whose 1 / √(var + ε) is by the rescale rule of the variance, a sum of squares;
 * - a softmax is exp(s − log Σ eˢ): the exponential by the rescale rule; log Σ eˢ by weights L / Σ L, where L is the
 *   logarithmic mean of a probability at both ends: they sum to 1, as its gradient does. (Taken apart into powers and an
 *   inverse it would sum up too, by scores of ten thousand that cancel.) So are log-probabilities and probabilities.
 *
 * Each rule keeps Σ m Δ, so the scores sum up to f(x) − f(x′), and δ is only rounding. It is no path integral: the rules are
 * choices, and another choice that sums up gives other scores. Captum 0.9 has the rescale rule for activations that are
 * modules, and for all else the gradient at x, which in GPT-2 misses f(x) − f(x′) by 17 to 88 % on the bundled model; with
 * the same rules the same numbers come out (test/reference/deeplift.py).
 *
 * It costs a forward pass for x and one for x′, and one backward pass.
 */
import type { AttributionMethod } from './method.ts';

export const deepLift: AttributionMethod<'deeplift'> = async (f) => {
  const { multipliers, ...ends } = await f.multipliers();
  const { count, width, x, baseline } = f;
  const scores = new Float64Array(count);
  for (const [at, m] of multipliers.entries()) {
    const token = Math.floor(at / width);
    const moved = (x[at] as number) - (baseline[at] as number);
    scores[token] = (scores[token] as number) + m * moved;
  }
  return { scores, ...ends };
};

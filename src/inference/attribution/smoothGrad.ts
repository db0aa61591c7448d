/**
 * SmoothGrad (Smilkov et al. 2017, equation 1): the mean of a gradient method's scores over copies of x with noise,
 * M̂(x) = 1/n Σ_k M(x + ε_k), ε_k ~ N(0, s²) independent for every number of every explained token. s is the option
 * `sigma` times the root mean square of x's numbers, so that it means the same for every checkpoint. Without noise it is
 * the method itself.
 *
 * f(x) and f(x′) are those of x without noise. The scores do not claim completeness, even where the decorated method
 * does: they sum up to a mean over noisy copies, not to f(x) − f(x′).
 */
import { Estimate } from './estimate.ts';
import type { Attribution, Ends, FunctionWith, Refine } from './method.ts';
import { normalNumbers } from './noise.ts';
import { atBaseline, atInput } from './points.ts';
import { remembering } from './remembering.ts';

interface Smoothing {
  /** n, at least 2. */
  samples: number;
  /** Standard deviation of the noise as a fraction of the root mean square of x. */
  sigma: number;
  seed: number;
}

type Smooth = FunctionWith<'values' | 'gradients'>;

/** A gradient method that always asks for points with all rows (`from` is 0). */
type Decorated<Options> = (f: Smooth, options: Options, refine: Refine) => Promise<Attribution>;

export function smoothGrad<Options>(method: Decorated<Options>): Decorated<Options & Smoothing> {
  return async (f, options, refine) => {
    const { samples, sigma, seed } = options;
    const normal = normalNumbers(seed);
    const deviation = sigma * rootMeanSquare(f.x);
    // All copies share the baseline.
    const known = remembering(f, f.baseline);
    const estimate = new Estimate(f.count);
    let ends: Ends | null = null;
    for (let sample = 1; sample <= samples; sample++) {
      const x = f.x.map((value) => value + deviation * normal());
      // The first scores that anybody sees are the method's first ones for the first copy.
      const first: Refine = (scores) => refine(scores, null);
      const later: Refine = () => {};
      const { scores } = await method({ ...known, x }, options, sample === 1 ? first : later);
      estimate.add(scores);
      if (sample === 1) refine(estimate.mean, null);
      ends ??= await endsOf(known);
      if (isPowerOfTwo(sample) && sample < samples) refine(estimate.mean, ends, estimate.standardErrors);
    }
    return {
      scores: estimate.mean,
      ...(estimate.standardErrors && { standardErrors: estimate.standardErrors }),
      ...(ends as Ends),
    };
  };
}

async function endsOf(f: Smooth): Promise<Ends> {
  const [value, baselineValue] = (await f.values([atInput(f), atBaseline(f)])) as [number, number];
  return { value, baselineValue };
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

const isPowerOfTwo = (count: number) => Number.isInteger(Math.log2(count));

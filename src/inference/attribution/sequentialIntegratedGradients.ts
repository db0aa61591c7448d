/**
 * Sequential integrated gradients (Enguehard 2023, equation 3): each token has a path of its own, from x with this
 * token's embedding at the baseline to x, while all others stay. (x_i − x′_i) · ∫₀¹ ∂f(x̄ⁱ + α (x − x̄ⁱ))/∂x_i dα.
 *
 * By the fundamental theorem of calculus each score is f(x) − f(x̄ⁱ): what occlusion by the baseline gives. The paper
 * normalises the dimensions of a token; their sum does not depend on that. All scores together need not sum up.
 *
 * A fixed number of steps is a Gauss–Legendre rule for each token; `auto` doubles a Fejér rule until every token's error
 * is within the tolerance, relative to the largest score.
 */
import { roundingFloor } from '../../protocol/tolerance.ts';
import type { AttributionMethod, Domain, FunctionFor, Point } from './method.ts';
import { atBaseline, atInput } from './points.ts';
import { fejer, gaussLegendre, type Rule } from './quadrature.ts';

type Sequential = FunctionFor<'sequential-integrated-gradients'>;

/** Intervals of the largest rule. */
const mostIntervals = 256;

export const sequentialIntegratedGradients: AttributionMethod<'sequential-integrated-gradients'> = async (
  f,
  { steps, tolerance },
  refine,
) => {
  const slopes = new Slopes(f);
  if (steps !== 'auto') {
    const ends = await endsOf(f);
    return { scores: await slopes.weigh(gaussLegendre(steps)), ...ends };
  }
  refine(await slopes.weigh(fejer(2)), null);
  const ends = await endsOf(f);
  const left = await valuesWithout(f);
  const floor = roundingFloor * Math.abs(ends.value);
  const largest = left.reduce((most, one) => Math.max(most, Math.abs(ends.value - one)), 0);
  for (let intervals = 4; ; intervals *= 2) {
    const scores = await slopes.weigh(fejer(intervals));
    const error = scores.reduce(
      (most, score, token) => Math.max(most, Math.abs(score - (ends.value - (left[token] as number)))),
      0,
    );
    if (error <= tolerance * largest + floor || intervals >= mostIntervals) return { scores, ...ends };
    refine(scores, ends);
  }
};

async function endsOf(f: Sequential): Promise<{ value: number; baselineValue: number }> {
  const [value, baselineValue] = (await f.values([atInput(f), atBaseline(f)])) as [number, number];
  return { value, baselineValue };
}

/** f(x̄ⁱ) of each token. */
async function valuesWithout(f: Sequential): Promise<number[]> {
  const values: number[] = [];
  for (const tokens of chunksOf(f))
    values.push(...(await f.values(tokens.map((token) => moved(f, token, 0)))));
  return values;
}

/** x with the token at x′ + α (x − x′). */
function moved({ x, baseline, width }: Domain, token: number, alpha: number): Point {
  const rows = x.slice(token * width);
  for (let at = 0; at < width; at++) {
    const start = baseline[token * width + at] as number;
    rows[at] = start + alpha * ((rows[at] as number) - start);
  }
  return { from: token, rows };
}

/** How many numbers the points of one batch hold; their gradients hold as many. */
const valuesAtOnce = 2 ** 20;

function chunksOf({ count, width }: Domain): number[][] {
  const chunks: number[][] = [];
  let room = 0;
  for (let token = 0; token < count; token++) {
    const numbers = (count - token) * width;
    if (numbers > room || chunks.length === 0) {
      chunks.push([]);
      room = valuesAtOnce;
    }
    room -= numbers;
    chunks.at(-1)?.push(token);
  }
  return chunks;
}

/** Per α and token, the rate at which f changes along the token's own path. A finer rule reuses those of a coarser one. */
class Slopes {
  readonly #f: Sequential;
  readonly #known = new Map<number, Float64Array>();

  constructor(f: Sequential) {
    this.#f = f;
  }

  async weigh({ nodes, weights }: Rule): Promise<Float64Array> {
    const scores = new Float64Array(this.#f.count);
    for (const [k, alpha] of nodes.entries()) {
      const slopes = this.#known.get(alpha) ?? (await this.#at(alpha));
      this.#known.set(alpha, slopes);
      for (let token = 0; token < scores.length; token++) {
        scores[token] = (scores[token] as number) + (weights[k] as number) * (slopes[token] as number);
      }
    }
    return scores;
  }

  async #at(alpha: number): Promise<Float64Array> {
    const f = this.#f;
    const slopes = new Float64Array(f.count);
    for (const tokens of chunksOf(f)) {
      const evaluations = await f.gradients(tokens.map((token) => moved(f, token, alpha)));
      for (const [index, token] of tokens.entries()) {
        const gradient = evaluations[index]?.gradient as Float32Array;
        let slope = 0;
        for (let at = 0; at < f.width; at++) {
          const place = token * f.width + at;
          slope += ((f.x[place] as number) - (f.baseline[place] as number)) * (gradient[at] as number);
        }
        slopes[token] = slope;
      }
    }
    return slopes;
  }
}

/**
 * Integrated gradients (Sundararajan et al. 2017): (x_i − x′_i) · ∫₀¹ ∂f(x′ + α (x − x′))/∂x_i dα.
 *
 * A fixed number of steps is a Gauss–Legendre rule, as in Captum. `auto` doubles a Fejér rule, which reuses all earlier
 * nodes, until |δ| is within the tolerance and the scores have settled: δ alone can be small by chance, when errors of
 * opposite sign cancel. The first scores come from one gradient at the midpoint. f(x) and f(x′) are computed after
 * that, so that they do not delay the first scores.
 */
import { isWithinTolerance, roundingFloor } from '../../protocol/tolerance.ts';
import {
  type Attribution,
  type AttributionMethod,
  completenessError,
  type Ends,
  type FunctionFor,
  type Refine,
} from './method.ts';
import { atBaseline, atInput, onPath, rowDots } from './points.ts';
import { fejer, gaussLegendre, type Rule } from './quadrature.ts';

/** Intervals of the largest rule: 1,025 evaluations. */
const mostIntervals = 1024;

/**
 * How far the scores may still move from one rule to the next, as a multiple of the tolerance on δ, relative to their
 * L1 norm.
 */
const settledTolerance = 10;

export const integratedGradients: AttributionMethod<'integrated-gradients'> = async (f, options, refine) =>
  options.steps === 'auto' ? untilComplete(f, options.tolerance, refine) : withFixedSteps(f, options.steps);

async function withFixedSteps(f: FunctionFor<'integrated-gradients'>, steps: number): Promise<Attribution> {
  const rule = gaussLegendre(steps);
  const ends = await valuesAtEnds(f);
  const slopes = await slopesAt(f, Array.from(rule.nodes));
  return { scores: weigh(rule, slopes), ...ends };
}

async function untilComplete(
  f: FunctionFor<'integrated-gradients'>,
  tolerance: number,
  refine: Refine,
): Promise<Attribution> {
  /** Slopes by α, so that a finer rule reuses those of a coarser one. */
  const known = new Map<number, Float64Array>();
  let previous: Float64Array | null = null;
  let ends: Ends | null = null;
  for (let intervals = 2; ; intervals *= 2) {
    const rule = fejer(intervals);
    const missing = Array.from(rule.nodes).filter((alpha) => !known.has(alpha));
    for (const [index, slopes] of (await slopesAt(f, missing)).entries())
      known.set(missing[index] as number, slopes);
    const slopes = Array.from(rule.nodes, (alpha) => known.get(alpha) as Float64Array);
    const scores = weigh(rule, slopes);
    if (previous) {
      ends ??= await valuesAtEnds(f);
      const attribution: Attribution = { scores, ...ends };
      if (isSettled(attribution, previous, tolerance) || intervals >= mostIntervals) return attribution;
    }
    refine(scores, ends);
    previous = scores;
  }
}

async function valuesAtEnds(f: FunctionFor<'integrated-gradients'>): Promise<Ends> {
  const [value, baselineValue] = (await f.values([atInput(f), atBaseline(f)])) as [number, number];
  return { value, baselineValue };
}

function isSettled(attribution: Attribution, previous: Float64Array, tolerance: number): boolean {
  const { value, baselineValue, scores } = attribution;
  const floor = roundingFloor * Math.max(Math.abs(value), Math.abs(baselineValue));
  const delta = completenessError(attribution);
  const isComplete = isWithinTolerance({ value, baselineValue, delta }, tolerance);
  const norm = scores.reduce((total, score) => total + Math.abs(score), 0);
  const moved = scores.reduce((total, score, i) => total + Math.abs(score - (previous[i] as number)), 0);
  return isComplete && moved <= settledTolerance * tolerance * norm + floor;
}

/**
 * How many numbers the points of one batch hold; their gradients hold as many. Of other points only the slopes are
 * kept.
 */
const valuesAtOnce = 2 ** 20;

/**
 * Per α and per token (x_i − x′_i) · ∂f/∂x_i: the rate at which f changes along the path through token i.
 */
async function slopesAt(
  f: FunctionFor<'integrated-gradients'>,
  alphas: readonly number[],
): Promise<Float64Array[]> {
  const difference = f.x.map((value, index) => value - (f.baseline[index] as number));
  const pointsAtOnce = Math.ceil(valuesAtOnce / f.x.length);
  const slopes: Float64Array[] = [];
  for (let start = 0; start < alphas.length; start += pointsAtOnce) {
    const points = alphas.slice(start, start + pointsAtOnce).map((alpha) => onPath(f, alpha));
    for (const { gradient } of await f.gradients(points)) {
      slopes.push(rowDots(difference, gradient, f.width));
    }
  }
  return slopes;
}

function weigh({ weights }: Rule, slopes: readonly Float64Array[]): Float64Array {
  const scores = new Float64Array(slopes[0]?.length ?? 0);
  for (const [k, slope] of slopes.entries()) {
    for (let token = 0; token < scores.length; token++) {
      scores[token] = (scores[token] as number) + (weights[k] as number) * (slope[token] as number);
    }
  }
  return scores;
}

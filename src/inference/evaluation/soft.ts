/**
 * Soft comprehensiveness and sufficiency (Zhao and Aletras 2023, "Incorporating Attribution Importance for Improving
 * Faithfulness Metrics") at an expected retained share π that is the same for every explanation (arXiv 2601.03089): without
 * that, scores with a larger mean would be rewarded for it. Each number of a token's embedding is kept with the token's
 * own probability, and else becomes the baseline's.
 */
import type { FunctionWith, Point } from '../attribution/method.ts';

/** Expected retained shares. */
const shares = [0.2, 0.5, 0.8];
const draws = 20;

export interface SoftMeasures {
  /** f(x) − the mean of f where what speaks most for the prediction is kept least. Large is good. */
  comprehensiveness: number;
  /** The same where it is kept most. Small is good. */
  sufficiency: number;
  /** The same where all tokens are kept alike: what scores that know nothing reach, of either. */
  floor: number;
}

/** Means over the shares and draws; all explanations of one f with one seed get the same random numbers. */
export async function softMeasures(
  f: FunctionWith<'values'>,
  scores: readonly number[],
  value: number,
  makeUniform: () => () => number,
): Promise<SoftMeasures> {
  const importance = between0And1(scores);
  const loss = async (kept: readonly number[]) => {
    const uniform = makeUniform();
    const points = shares.flatMap((share) => {
      const probabilities = withMean(kept, share);
      return Array.from({ length: draws }, () => thinned(f, probabilities, uniform));
    });
    const values = await f.values(points);
    return value - values.reduce((sum, one) => sum + one, 0) / values.length;
  };
  return {
    comprehensiveness: await loss(importance.map((one) => 1 - one)),
    sufficiency: await loss(importance),
    floor: await loss(importance.map(() => 0.5)),
  };
}

function between0And1(scores: readonly number[]): number[] {
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  return scores.map((score) => (most > least ? (score - least) / (most - least) : 0.5));
}

/** The powers of numbers in [0, 1] whose mean is the share: their order stays. */
export function withMean(values: readonly number[], share: number): number[] {
  const meanOf = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const powers = (exponent: number) => values.map((value) => value ** exponent);
  let [low, high] = [-30, 30];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (meanOf(powers(2 ** middle)) > share) low = middle;
    else high = middle;
  }
  return powers(2 ** high);
}

/** x with each number kept by its token's probability. */
function thinned(
  { x, baseline, width }: Pick<FunctionWith<'values'>, 'x' | 'baseline' | 'width'>,
  probabilities: readonly number[],
  uniform: () => number,
): Point {
  const rows = x.map((value, at) =>
    uniform() < probabilities[Math.floor(at / width)]! ? value : baseline[at]!,
  );
  return { from: 0, rows };
}

/**
 * How many changed inputs are less probable to the model than the unchanged text is: by the mean surprisal of their tokens
 * against the 99th percentile of means over as many tokens, drawn from the unchanged text.
 */

/** Surprisals of some tokens in a row. */
export interface Measured {
  sum: number;
  /** At least 1. */
  count: number;
}

const draws = 1000;

/** Null where nothing was measured. @param usual surprisals of the unchanged text's tokens */
export function strangeShare(
  inputs: readonly Measured[],
  usual: readonly number[],
  uniform: () => number,
): { share: number; inputs: number } | null {
  if (inputs.length === 0 || usual.length === 0) return null;
  const thresholds = new Map<number, number>();
  const thresholdOf = (count: number) => {
    if (!thresholds.has(count)) thresholds.set(count, percentile(usual, count, uniform));
    return thresholds.get(count)!;
  };
  const strange = inputs.filter(({ sum, count }) => sum / count > thresholdOf(count));
  return { share: strange.length / inputs.length, inputs: inputs.length };
}

function percentile(usual: readonly number[], count: number, uniform: () => number): number {
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let token = 0; token < count; token++) sum += usual[Math.floor(uniform() * usual.length)]!;
    return sum / count;
  });
  return means.sort((a, b) => a - b)[Math.ceil(0.99 * draws) - 1]!;
}

/** The percentile bootstrap (Efron 1979): what a statistic of pairs would be for other draws of them. */

const resamples = 400;

/** The middle 95 %; null where the statistic is not defined for enough of them. */
export function bootstrap(
  xs: readonly number[],
  ys: readonly number[],
  statistic: (xs: readonly number[], ys: readonly number[]) => number | null,
  uniform: () => number,
): { low: number; high: number } | null {
  const found: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = xs.map(() => Math.floor(uniform() * xs.length));
    const value = statistic(
      drawn.map((at) => xs[at]!),
      drawn.map((at) => ys[at]!),
    );
    if (value !== null) found.push(value);
  }
  if (found.length < resamples / 2) return null;
  found.sort((a, b) => a - b);
  const at = (part: number) => found[Math.round(part * (found.length - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}

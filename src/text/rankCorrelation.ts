/**
 * Spearman's rank correlation of pairs: the linear correlation of their ranks, where equal values share the mean of their
 * ranks (Kendall and Gibbons 1990, section 3). Pairs with a number that is not finite are left out.
 */

export interface RankCorrelation {
  /** From −1 to 1; null where fewer than two pairs are left, or all values of a side are equal. */
  rho: number | null;
  /** Pairs that were counted. */
  n: number;
}

export function rankCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): RankCorrelation {
  if (xs.length !== ys.length) throw new RangeError(`${xs.length} and ${ys.length} values are no pairs`);
  const known = Array.from(xs, (_, i) => i).filter((i) => Number.isFinite(xs[i]!) && Number.isFinite(ys[i]!));
  const ranksOfX = meanRanks(known.map((i) => xs[i]!));
  const ranksOfY = meanRanks(known.map((i) => ys[i]!));
  return { rho: linearCorrelation(ranksOfX, ranksOfY), n: known.length };
}

/** 1 for the smallest value; equal values get the mean of the ranks that they take up. */
export function meanRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) last++;
    for (let at = first; at <= last; at++) ranks[order[at]!] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranks;
}

/** Pearson's r; null where it is not defined. */
function linearCorrelation(xs: readonly number[], ys: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [products, squaresX, squaresY] = [0, 0, 0];
  for (const [i, x] of xs.entries()) {
    const [dx, dy] = [x - meanX, ys[i]! - meanY];
    products += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  const spread = Math.sqrt(squaresX * squaresY);
  return spread > 0 ? Math.min(1, Math.max(-1, products / spread)) : null;
}

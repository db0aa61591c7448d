/**
 * The LASSO on standardised columns (Tibshirani 1996): the weights w and the intercept b that minimise
 * ½ · mean (y − b − X w)² + α · Σ |w_i s_i|, where s_i is the standard deviation of column i. As scikit-learn's `Lasso`
 * behind its `StandardScaler`, given back for the columns as they were.
 *
 * By coordinate descent. Where there are not many more rows than columns it would take very many rounds: there it begins
 * with the end of the path of solutions from the largest α down (least angle regression: Efron, Hastie, Johnstone &
 * Tibshirani 2004, section 3.1), and only mends what rounding left.
 */
import { Cholesky } from './linear.ts';

export interface Line {
  weights: Float64Array;
  intercept: number;
}

/** By how much a weight may still move at the end, relative to the largest. */
const precision = 1e-10;
const mostSweeps = 1_000;
/** Relative to the variance of a column, and to the largest correlation: what is less is rounding. */
const rounding = 1e-10;

/** @param rows `[m][p]`; @param y `[m]` */
export function lasso(rows: readonly (readonly number[])[], y: readonly number[], alpha: number): Line {
  const columns = Array.from({ length: rows[0]?.length ?? 0 }, (_, at) =>
    standardised(Float64Array.from(rows, (row) => row[at] as number)),
  );
  const meanOfY = meanOf(y);
  const centred = Float64Array.from(y, (one) => one - meanOfY);
  const isEasy = rows.length >= 2 * columns.length;
  const weights = isEasy ? new Float64Array(columns.length) : alongPath(columns, centred, alpha);
  descend(columns, centred, alpha, weights);
  const own = weights.map((weight, at) => {
    const { deviation } = columns[at] as Column;
    return deviation > 0 ? weight / deviation : 0;
  });
  return {
    weights: own,
    intercept: own.reduce((left, weight, at) => left - weight * (columns[at] as Column).mean, meanOfY),
  };
}

interface Column {
  /** With the mean 0 and the variance 1; zeros if all numbers were equal. */
  values: Float64Array;
  mean: number;
  deviation: number;
}

function standardised(column: Float64Array): Column {
  const mean = meanOf(column);
  const deviation = Math.sqrt(meanOf(column.map((one) => (one - mean) ** 2)));
  return { values: column.map((one) => (deviation > 0 ? (one - mean) / deviation : 0)), mean, deviation };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum / values.length;
}

function meanProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum / a.length;
}

/** The standardised columns' weights at α. */
function alongPath(columns: readonly Column[], y: Float64Array, alpha: number): Float64Array {
  const weights = new Float64Array(columns.length);
  const correlations = Float64Array.from(columns, ({ values }) => meanProduct(values, y));
  let level = correlations.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const least = rounding * level;
  const active: number[] = [];
  /** Columns that are a sum of active ones. */
  const dependent = new Set<number>();
  let left = -1;
  for (let step = 0; step < 8 * columns.length && level > alpha; step++) {
    const joining = columns.findIndex(
      ({ deviation }, at) =>
        deviation > 0 &&
        at !== left &&
        !active.includes(at) &&
        !dependent.has(at) &&
        Math.abs(correlations[at] as number) >= level - least,
    );
    if (joining >= 0) active.push(joining);
    const towards = directionOf(columns, active, correlations);
    if (!towards) {
      dependent.add(active.pop() as number);
      continue;
    }
    // All active correlations fall alike, by 1 per step of 1.
    const falls = Float64Array.from(columns, ({ values }) => meanProduct(values, towards.fitted));
    let length = level - alpha;
    let leaving = -1;
    for (const [at, slope] of towards.slopes.entries()) {
      const reaches0 = -(weights[active[at] as number] as number) / slope;
      if (reaches0 > 0 && reaches0 < length) [length, leaving] = [reaches0, at];
    }
    for (const [at, correlation] of correlations.entries()) {
      if (active.includes(at) || dependent.has(at) || at === left || columns[at]?.deviation === 0) continue;
      const fall = falls[at] as number;
      for (const sign of [1, -1]) {
        const speed = 1 - sign * fall;
        const reaches = (level - sign * correlation) / speed;
        if (speed > rounding && reaches >= 0 && reaches < length) [length, leaving] = [reaches, -1];
      }
    }
    for (const [at, slope] of towards.slopes.entries()) {
      const index = active[at] as number;
      weights[index] = (weights[index] as number) + length * slope;
    }
    for (const [at, fall] of falls.entries()) correlations[at] = (correlations[at] as number) - length * fall;
    level -= length;
    left = -1;
    if (leaving >= 0) {
      left = active.splice(leaving, 1)[0] as number;
      weights[left] = 0;
      dependent.clear();
    }
  }
  return weights;
}

/** In which direction all active correlations fall alike; null where the last active column depends on the others. */
function directionOf(
  columns: readonly Column[],
  active: readonly number[],
  correlations: Float64Array,
): { slopes: Float64Array; fitted: Float64Array } | null {
  const n = active.length;
  const values = active.map((at) => (columns[at] as Column).values);
  const gram = new Float64Array(n * n);
  for (const [i, one] of values.entries()) {
    for (const [j, other] of values.slice(0, i + 1).entries()) gram[i * n + j] = meanProduct(one, other);
  }
  const solver = Cholesky.of(gram, n, rounding);
  if (!solver) return null;
  const slopes = solver.solve(Float64Array.from(active, (at) => Math.sign(correlations[at] as number)));
  const fitted = new Float64Array(values[0]?.length ?? 0);
  for (const [at, one] of values.entries()) {
    for (let row = 0; row < fitted.length; row++) {
      fitted[row] = (fitted[row] as number) + (slopes[at] as number) * (one[row] as number);
    }
  }
  return { slopes, fitted };
}

/** Coordinate descent from where the weights are. */
function descend(columns: readonly Column[], y: Float64Array, alpha: number, weights: Float64Array): void {
  const residuals = Float64Array.from(y);
  for (const [at, { values }] of columns.entries()) {
    const weight = weights[at] as number;
    if (weight !== 0)
      for (const [row, one] of values.entries()) residuals[row] = (residuals[row] as number) - weight * one;
  }
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [moved, largest] = [0, 0];
    for (const [at, { values, deviation }] of columns.entries()) {
      if (deviation === 0) continue;
      const before = weights[at] as number;
      const wanted = meanProduct(values, residuals) + before;
      const after = Math.sign(wanted) * Math.max(0, Math.abs(wanted) - alpha);
      if (after !== before) {
        for (const [row, one] of values.entries())
          residuals[row] = (residuals[row] as number) - (after - before) * one;
        weights[at] = after;
      }
      moved = Math.max(moved, Math.abs(after - before));
      largest = Math.max(largest, Math.abs(after));
    }
    if (moved <= precision * largest) break;
  }
}

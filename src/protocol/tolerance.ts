/** Relative to the size of f, smaller differences are float32 rounding. */
export const roundingFloor = 2e-6;

/** An explanation's sums, as in `Explanation` in results.ts. */
interface Sums {
  value: number;
  baselineValue: number;
  /** Σ scores − (f(x) − f(x′)). */
  delta: number;
}

/** Whether δ is small enough: |δ| ≤ tolerance · |f(x) − f(x′)|, up to rounding. */
export function isWithinTolerance({ value, baselineValue, delta }: Sums, tolerance: number): boolean {
  const floor = roundingFloor * Math.max(Math.abs(value), Math.abs(baselineValue));
  return Math.abs(delta) <= tolerance * Math.abs(value - baselineValue) + floor;
}

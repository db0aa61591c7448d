/**
 * Comprehensiveness and sufficiency (DeYoung et al. 2020): the areas over the deletion and the insertion curve,
 * 1/|K| Σ_{k ∈ K} [f(x) − f(…)]. An explanation is good where comprehensiveness is large and sufficiency small. They are
 * only comparable between a floor and a ceiling of the same example (Edin et al. 2025, NAOPC).
 */

/** @param value f(x) */
export function areaOver(value: number, curve: readonly number[]): number {
  return curve.reduce((sum, one) => sum + value - one, 0) / curve.length;
}

/**
 * 0 where an area is as the floor's, 1 where it is as the ceiling's; null where the two are so near to each other that
 * nothing can be told.
 * @param size f is known to about this times 1e-6
 */
export function normalised(area: number, floor: number, ceiling: number, size: number): number | null {
  const room = ceiling - floor;
  return Math.abs(room) > 1e-5 * size ? (area - floor) / room : null;
}

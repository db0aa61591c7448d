/** Leaves out the first key, which collects the attention that is not needed elsewhere. */

/**
 * The others of a query's weights sum to 1 then; where they have no weight at all, nothing is changed.
 * @param weights `[query + 1]`
 */
export function withoutFirstKey(weights: Float32Array): Float32Array {
  const others = weights.subarray(1).reduce((sum, weight) => sum + weight, 0);
  return others > 0 ? weights.map((weight, key) => (key === 0 ? 0 : weight / others)) : weights;
}

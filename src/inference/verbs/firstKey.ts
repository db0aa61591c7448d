/** Leaves out the first key, which collects the attention that is not needed elsewhere. */

/**
 * Scales the other weights of a query so that they sum to 1. If they are all 0, nothing is changed.
 * @param weights `[query + 1]`
 */
export function withoutFirstKey(weights: Float32Array): Float32Array {
  const others = weights.subarray(1).reduce((sum, weight) => sum + weight, 0);
  return others > 0 ? weights.map((weight, key) => (key === 0 ? 0 : weight / others)) : weights;
}

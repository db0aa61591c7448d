/** row · matrix for a lower triangular `[n, n]`; zeros in the row cost nothing. */
export function rowTimes(row: Float64Array, matrix: Float32Array): Float64Array {
  const n = row.length;
  const product = new Float64Array(n);
  for (let at = 0; at < n; at++) {
    const factor = row[at]!;
    if (factor === 0) continue;
    const base = at * n;
    for (let column = 0; column <= at; column++)
      product[column] = product[column]! + factor * matrix[base + column]!;
  }
  return product;
}

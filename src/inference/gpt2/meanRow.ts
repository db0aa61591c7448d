/** The mean over the vocabulary, read a few thousand rows at a time; `[C]`. */
export function meanRow(
  values: (begin: number, end: number) => Float32Array,
  rows: number,
  width: number,
): Float32Array {
  const rowsAtOnce = 4096;
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const block = values(row * width, Math.min(rows, row + rowsAtOnce) * width);
    for (let at = 0; at < block.length; at++)
      sums[at % width] = (sums[at % width] as number) + (block[at] as number);
  }
  return Float32Array.from(sums, (sum) => sum / rows);
}

/** Square maps made smaller: each cell the largest of the weights that fall into it. */

/** The most bytes of all maps of a result together: they are sent to another process. */
const mostBytes = 8_000_000;

/**
 * How many rows and columns each of `maps` maps has: at most `wanted`, and so few that all maps stay within the bytes.
 */
export function pooledSize(
  tokens: number,
  wanted: number,
  { maps, bytesPerCell }: { maps: number; bytesPerCell: number },
): number {
  return Math.max(1, Math.min(tokens, wanted, Math.floor(Math.sqrt(mostBytes / (maps * bytesPerCell)))));
}

/** The cell of each of so many tokens: ⌊token · size / tokens⌋. Each of the `size` cells has some. */
export function cellsOf(tokens: number, size: number): Int32Array {
  return Int32Array.from({ length: tokens }, (_, token) => Math.floor((token * size) / tokens));
}

/**
 * Raises the cells of a pooled map to the largest weights in some rows of the whole map.
 * @param pooled `[size, size]`
 * @param rows `[queries, keys]`, the first row being that of the query `firstQuery`; what lies above the diagonal is
 * ignored
 * @param cells of the tokens, as {@link cellsOf} gives them
 */
export function poolRows(
  pooled: Float32Array,
  rows: Float32Array,
  { firstQuery, queries, keys }: { firstQuery: number; queries: number; keys: number },
  cells: Int32Array,
): void {
  const size = Math.sqrt(pooled.length);
  for (let row = 0; row < queries; row++) {
    const query = firstQuery + row;
    const cellRow = (cells[query] as number) * size;
    for (let key = 0; key <= query; key++) {
      const weight = rows[row * keys + key] as number;
      const cell = cellRow + (cells[key] as number);
      if (weight > (pooled[cell] as number)) pooled[cell] = weight;
    }
  }
}

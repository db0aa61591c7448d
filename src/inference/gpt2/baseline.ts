/** What replaces a token's embedding when its contribution is measured. */
import type { Baseline } from '../../protocol/results.ts';
import type { Gpt2 } from './model.ts';

/** x′ for `count` tokens: zeros, the mean row of wte, or the row of `<|endoftext|>`; `[count, C]`. */
export function baselineRows(model: Gpt2, baseline: Baseline, count: number): Float32Array {
  const { width } = model.config;
  const rows = new Float32Array(count * width);
  if (baseline === 'zero') return rows;
  const row =
    baseline === 'mean'
      ? model.meanEmbedding()
      : model.checkpoint.weights.rows('wte.weight', [model.tokenizer.endOfText]);
  for (let token = 0; token < count; token++) rows.set(row, token * width);
  return rows;
}

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

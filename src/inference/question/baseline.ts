/** What replaces a token's embedding when its contribution is measured. */
import type { Baseline } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';

/** x′ for `count` tokens: zeros, the mean row of wte, or the row of `<|endoftext|>`; `[count, C]`. */
export function baselineRows(model: Gpt2, baseline: Baseline, count: number): Float32Array {
  const { width } = model.config;
  const rows = new Float32Array(count * width);
  if (baseline === 'zero') return rows;
  const row =
    baseline === 'mean'
      ? model.memory.meanEmbedding.row()
      : model.checkpoint.weights.rows('wte.weight', [model.tokenizer.endOfText]);
  for (let token = 0; token < count; token++) rows.set(row, token * width);
  return rows;
}

/** What replaces a token's embedding when its contribution is measured. */
import type { Baseline } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';

/** x′ of any token: zeros, the mean row of wte, or the row of `<|endoftext|>`; `[C]`. */
export function baselineRow(model: Gpt2, baseline: Baseline): Float32Array {
  if (baseline === 'zero') return new Float32Array(model.config.width);
  if (baseline === 'mean') return model.memory.meanEmbedding.row();
  return model.checkpoint.weights.rows('wte.weight', [model.tokenizer.endOfText]);
}

/** Which tensors a GPT-2 consists of. */
import type { Gpt2Config } from './types.ts';

/**
 * Names (without the `transformer.` prefix) and shapes of all weights that a config implies, in the order of the
 * computation. Linear layers are Hugging Face's Conv1D, `[in, out]`; embeddings and the untied head are `[V, C]`.
 *
 * Source: `GPT2Model` and `GPT2LMHeadModel` in Hugging Face transformers.
 */
export function gpt2Layout(config: Gpt2Config): Map<string, readonly number[]> {
  const { width: C, inner: I, contextLength: P, vocabularySize: V } = config;
  const layout = new Map<string, readonly number[]>([
    ['wte.weight', [V, C]],
    ['wpe.weight', [P, C]],
  ]);
  for (let layer = 0; layer < config.layers; layer++) {
    const h = `h.${layer}.`;
    layout
      .set(`${h}ln_1.weight`, [C])
      .set(`${h}ln_1.bias`, [C])
      .set(`${h}attn.c_attn.weight`, [C, 3 * C])
      .set(`${h}attn.c_attn.bias`, [3 * C])
      .set(`${h}attn.c_proj.weight`, [C, C])
      .set(`${h}attn.c_proj.bias`, [C])
      .set(`${h}ln_2.weight`, [C])
      .set(`${h}ln_2.bias`, [C])
      .set(`${h}mlp.c_fc.weight`, [C, I])
      .set(`${h}mlp.c_fc.bias`, [I])
      .set(`${h}mlp.c_proj.weight`, [I, C])
      .set(`${h}mlp.c_proj.bias`, [C]);
  }
  layout.set('ln_f.weight', [C]).set('ln_f.bias', [C]);
  if (!config.tied) layout.set('lm_head.weight', [V, C]);
  return layout;
}

import * as v from 'valibot';
import { count, floats, modelName } from './common.ts';

/** One head by its layer, both counted from 0. */
export const headIndex = v.object({ layer: count, head: count });
export type HeadIndex = v.InferOutput<typeof headIndex>;

/**
 * What heads do on a random sequence of tokens that is repeated once, as means over the tokens of the second copy
 * (Olsson et al. 2022, as in TransformerLens' head detector). Nothing comes before the first copy. Its tokens are drawn
 * uniformly from the vocabulary without `<|endoftext|>`.
 */
export const headPatterns = v.object({
  model: modelName,
  seed: count,
  /** Tokens of one copy. */
  length: count,
  sequences: count,
  layers: count,
  heads: count,
  /** Attention to the token before: `[layer, head]`. */
  previous: floats,
  /** Attention to the same token in the first copy: `[layer, head]`. */
  duplicate: floats,
  /** Attention to the token after that one: `[layer, head]`. */
  induction: floats,
  /** Attention to the sequence's first token: `[layer, head]`. */
  first: floats,
});
export type HeadPatterns = v.InferOutput<typeof headPatterns>;

import * as v from 'valibot';
import { count, floats, modelName } from './common.ts';

/** One tensor of the checkpoint. */
export const weightFacts = v.object({
  /** The name in the file, without a leading `transformer.`. */
  name: v.string(),
  shape: v.array(count),
  dtype: v.picklist(['F32', 'F16', 'BF16']),
  parameters: count,
  bytes: count,
  /** Frobenius norm of its values. */
  norm: v.number(),
  /** Their root mean square. */
  rms: v.number(),
  /** Their largest magnitude. */
  most: v.number(),
  /** How many values are further than 6 root mean squares from zero. */
  outliers: count,
});
export type WeightFacts = v.InferOutput<typeof weightFacts>;

export const structure = v.object({
  info: v.object({ ...modelName.entries, folder: v.string() }),
  config: v.object({
    layers: count,
    heads: count,
    width: count,
    inner: count,
    contextLength: count,
    vocabularySize: count,
    activation: v.string(),
    /** Whether the unembedding is wte itself. */
    tied: v.boolean(),
  }),
  /** In the order of the forward pass. */
  weights: v.array(weightFacts),
  /** ‖W_V W_O‖ of each head (Frobenius), how much it can write, whatever the text: `[layer, head]`. */
  ofHeads: floats,
  /** ‖W_in‖ · ‖W_out‖ of each MLP (Frobenius): `[layer]`. */
  ofMlps: floats,
});
export type Structure = v.InferOutput<typeof structure>;

import * as v from 'valibot';
import { count, floats } from './common.ts';
import { receipt, receiptSoFar } from './receipt.ts';
import { probableToken } from './tokens.ts';

/**
 * What the prediction loses when a part of the model is switched off at all time steps: f(whole) − f(without it). A
 * head's output before the output projection, or all that an MLP writes, is replaced by zeros. f is the contrast of
 * target and foil in logits, or the target's logit if there is no foil.
 */
export const importance = v.object({
  receipt: v.object({
    ...receipt.entries,
    at: count,
    target: count,
    foil: v.nullable(count),
  }),
  target: probableToken,
  foil: v.nullable(probableToken),
  /** f(whole). */
  value: v.number(),
  layers: count,
  heads: count,
  /** `[layer, head]`; NaN where it is not known yet. */
  ofHeads: floats,
  /** `[layer]`; NaN where it is not known yet. */
  ofMlps: floats,
});
export type Importance = v.InferOutput<typeof importance>;

export const partialImportance = v.object({
  ...importance.entries,
  receipt: v.object({ ...importance.entries.receipt.entries, ...receiptSoFar.entries }),
});
export type PartialImportance = v.InferOutput<typeof partialImportance>;

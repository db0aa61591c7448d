import * as v from 'valibot';
import { count, floats, textRange } from './common.ts';
import { receipt, receiptSoFar } from './receipt.ts';
import { probableToken, tokenSpan } from './tokens.ts';

/**
 * Context length probing (Cífka & Liutkus 2023): how a prediction changes while its left context grows. Each window begins
 * with one token and ends before the predicted place; the model reads it as a text of its own, with positions from 0. In
 * nats; in arrays `[token]`, NaN is what is not known yet, or what does not exist: without BOS the nearest token has no
 * window without it.
 */
export const contextProbe = v.object({
  receipt: v.object({ ...receipt.entries, at: count, range: textRange, most: count }),
  /** The tokens that windows begin with, in reading order: at most `most` of them, those nearest to the prediction. */
  tokens: v.array(tokenSpan),
  /** The token that stands at the predicted place, or the most probable one; by the longest window. */
  target: v.object({
    ...probableToken.entries,
    /** The range of the token that stands there; null after the text. */
    span: v.nullable(textRange),
  }),
  /** log p(target) by the window that begins with the token. */
  logProbs: floats,
  /** D_KL(prediction of the longest window ‖ prediction of this one). */
  divergences: floats,
  /** What is added by the token in front: D_KL(prediction of the window with it ‖ without it). */
  steps: floats,
  /** Differential importance: how much nearer it brings the prediction to that of the longest window, in KL divergence. */
  importances: floats,
  /** How much more probable it makes the target: the difference of `logProbs`. */
  gains: floats,
  /** How many tokens were read in all windows together, BOS included. */
  read: count,
});
export type ContextProbe = v.InferOutput<typeof contextProbe>;

export const partialContextProbe = v.object({
  ...contextProbe.entries,
  receipt: v.object({ ...contextProbe.entries.receipt.entries, ...receiptSoFar.entries }),
});
export type PartialContextProbe = v.InferOutput<typeof partialContextProbe>;

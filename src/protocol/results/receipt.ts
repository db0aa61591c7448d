import * as v from 'valibot';
import { count, modelName, modelNameSoFar } from './common.ts';

/** What every result carries so that it can be reproduced. */
export const receipt = v.object({
  whytoken: v.string(),
  model: modelName,
  /** SHA-256 of the UTF-8 of the text that the model was given. */
  textSha256: v.string(),
  /** Whether `<|endoftext|>` was prepended. */
  bos: v.boolean(),
  /** Tokens at the front of the text that did not fit into the context and were not read. */
  droppedTokens: count,
  milliseconds: v.number(),
});
export type Receipt = v.InferOutput<typeof receipt>;

/** The receipt of a partial result. */
export const receiptSoFar = v.object({ ...receipt.entries, model: modelNameSoFar });
export type ReceiptSoFar = v.InferOutput<typeof receiptSoFar>;

import * as v from 'valibot';
import { count } from './common.ts';
import { receipt } from './receipt.ts';
import { probableToken, shownToken } from './tokens.ts';

/** Log-probability, rank and the rest are the model's own: before temperature, penalty, top-k and top-p. */
export const generatedToken = v.object({
  ...shownToken.entries,
  logProb: v.number(),
  rank: count,
  entropy: v.number(),
  top: v.array(probableToken),
});
export type GeneratedToken = v.InferOutput<typeof generatedToken>;

export const generatedSequence = v.object({
  text: v.string(),
  /** The tokens of which `text` shows something. */
  tokens: v.array(generatedToken),
  /** Why it ends: `maxTokens` is reached, a stop text, the model's end-of-text token, or the end of its context. */
  ended: v.picklist(['length', 'stop', 'end-of-text', 'context']),
});
export type GeneratedSequence = v.InferOutput<typeof generatedSequence>;

/** How a token is drawn from the model's distribution. */
export const sampling = v.object({
  /** 0 is greedy. */
  temperature: v.number(),
  /** 0 keeps all. */
  topK: count,
  /** 1 keeps all. */
  topP: v.number(),
  /**
   * Positive logits of tokens that occurred before are divided by it, negative ones multiplied (Keskar et al. 2019); 1:
   * no penalty.
   */
  repetitionPenalty: v.number(),
});
export type Sampling = v.InferOutput<typeof sampling>;

export const generateReceipt = v.object({
  ...receipt.entries,
  ...sampling.entries,
  seed: count,
  maxTokens: count,
  stop: v.array(v.string()),
  first: v.nullable(count),
});
export type GenerateReceipt = v.InferOutput<typeof generateReceipt>;

export const generation = v.object({
  receipt: generateReceipt,
  sequences: v.array(generatedSequence),
});
export type Generation = v.InferOutput<typeof generation>;

import * as v from 'valibot';
import { count } from './common.ts';
import { receipt } from './receipt.ts';
import { alternative, probableToken, tokenSpan } from './tokens.ts';

export const tokenScore = v.object({
  ...tokenSpan.entries,
  /** log p(token | everything before it); null for the first token when there is no BOS. */
  logProb: v.nullable(v.number()),
  /** 1 for the most probable token. */
  rank: v.nullable(count),
  /** Entropy of the distribution that the token was drawn from. */
  entropy: v.nullable(v.number()),
  /** How many tokens of the text the model had before it. */
  context: count,
  top: v.array(probableToken),
});
export type TokenScore = v.InferOutput<typeof tokenScore>;

export const scores = v.object({
  receipt,
  /** Tokens from the beginning of one window to that of the next, as it was; null: there was one window alone. */
  stride: v.nullable(count),
  tokens: v.array(tokenScore),
  /** The distribution after the text; empty where the range ends before the text does, as the end is not read then. */
  next: v.array(alternative),
});
export type Scores = v.InferOutput<typeof scores>;

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
  /**
   * log p of what ends a word, in its place: a token that begins with white space, or `<|endoftext|>`. Null with
   * `logProb`.
   */
  wordEnd: v.nullable(v.number()),
  /** How many tokens of the text the model had read before it. */
  context: count,
  top: v.array(probableToken),
});
export type TokenScore = v.InferOutput<typeof tokenScore>;

export const scores = v.object({
  receipt,
  /** How many tokens later each window begins than the one before; null if there was only one window. */
  stride: v.nullable(count),
  tokens: v.array(tokenScore),
  /** The distribution after the text; empty if the range ends before the text, because the end is then not read. */
  next: v.array(alternative),
  /** `wordEnd` of what comes after the text; null where `next` is empty. */
  wordEnd: v.nullable(v.number()),
});
export type Scores = v.InferOutput<typeof scores>;

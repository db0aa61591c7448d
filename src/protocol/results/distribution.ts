import * as v from 'valibot';
import { count, textRange } from './common.ts';
import { sampling } from './generation.ts';
import { headIndex } from './heads.ts';
import { receipt } from './receipt.ts';
import { alternative } from './tokens.ts';

/** One candidate for the next token. */
export const candidate = v.object({
  ...alternative.entries,
  /** Probability of being drawn, after temperature, top-k and top-p; 0 if it is cut off. */
  drawn: v.number(),
});
export type Candidate = v.InferOutput<typeof candidate>;

/** The distribution of the next token, as the model gives it and as it is drawn from. */
export const nextTokens = v.object({
  receipt: v.object({
    ...receipt.entries,
    at: count,
    ...v.omit(sampling, ['repetitionPenalty']).entries,
    /** Heads that were switched off. */
    without: v.array(headIndex),
  }),
  /** The most probable first. */
  candidates: v.array(candidate),
  /** All tokens that are not listed, taken together. */
  tail: v.object({ count, probability: v.number(), drawn: v.number() }),
  /** How many tokens of the vocabulary can be drawn; one at temperature 0. */
  kept: count,
  /** Entropy of the model's own distribution. */
  entropy: v.number(),
  /** Entropy of the distribution that is drawn from. */
  drawnEntropy: v.number(),
  /** The token that stands there, null after the text. */
  actual: v.nullable(
    v.object({
      ...candidate.entries,
      /** 1 for the most probable token. */
      rank: count,
      span: textRange,
    }),
  ),
});
export type NextTokens = v.InferOutput<typeof nextTokens>;

import * as v from 'valibot';
import { methodChoice } from '../methods.ts';
import { baselines, objectives } from '../objectives.ts';
import { count, floats, textRange } from './common.ts';
import { receipt, receiptSoFar } from './receipt.ts';
import { alternative, probableToken, tokenSpan } from './tokens.ts';

/** What a receipt says of the question itself. */
export const asked = {
  objective: v.picklist(objectives),
  baseline: v.picklist(baselines),
  /** The UTF-16 range whose tokens are explained. It ends at the prediction if that was given by an offset. */
  range: textRange,
  target: count,
  /** The foil's tokens; empty unless the objective is a contrast. */
  foil: v.array(count),
  at: count,
};

/** The receipt has the method with its options, as requested. */
export const explainReceipt = v.intersect([v.object({ ...receipt.entries, ...asked }), methodChoice]);
export type ExplainReceipt = v.InferOutput<typeof explainReceipt>;

export const explainReceiptSoFar = v.intersect([
  v.object({ ...receiptSoFar.entries, ...asked }),
  methodChoice,
]);
export type ExplainReceiptSoFar = v.InferOutput<typeof explainReceiptSoFar>;

export const scoredSpan = v.object({
  ...tokenSpan.entries,
  /** Contribution to the objective, unnormalised; with a sign if the method has one. */
  score: v.number(),
  /** Standard error of the score, if the method draws random numbers; missing after the first sample. */
  standardError: v.exactOptional(v.number()),
});
export type ScoredSpan = v.InferOutput<typeof scoredSpan>;

/**
 * What each part of the model wrote directly to f, whatever tokens it read: f(x) = embedding + Σ heads + Σ mlps + biases.
 */
export const components = v.object({
  embedding: v.number(),
  /** `[layer, head]`. */
  heads: floats,
  /** `[layer]`. */
  mlps: floats,
  /** Of the attentions' output projections and of the last layer norm, which are no part's own. */
  biases: v.number(),
});

/** What the tokens of a text contributed to a prediction. */
export const explainedTokens = v.object({
  receipt: explainReceiptSoFar,
  tokens: v.array(scoredSpan),
  target: v.object({
    ...probableToken.entries,
    /** Index of the predicted token; the number of tokens if it comes after the text. */
    position: count,
    /** The range of the token that stands there; null after the text. */
    span: v.nullable(textRange),
  }),
  /** Its first token, with the probability of all its tokens in a row. */
  foil: v.nullable(
    v.object({
      ...probableToken.entries,
      /** All of its tokens. */
      ids: v.array(count),
    }),
  ),
  /** A contrast with a competitor was asked for, but no token counts as one: the receipt tells what is explained instead. */
  uncontested: v.exactOptional(v.literal(true)),
  /** How often f or its gradient was evaluated on a sequence. */
  evaluations: count,
  /** What each layer wrote directly to the prediction; null for methods that do not tell layers apart. */
  layers: v.nullable(
    v.object({
      /** 1 + 2L: the embedding, then the attention and the MLP of each layer. */
      rows: count,
      /** `[row, token]`, tokens as in `tokens`; each column sums to the token's score. */
      contributions: floats,
    }),
  ),
  /** Only where the method tells the parts of the model apart. */
  components: v.exactOptional(components),
  /** Only where the method explains parts of the text: each one's score, which its tokens share evenly. */
  segments: v.exactOptional(
    v.array(
      v.object({
        ...textRange.entries,
        /** The index of its first token in `tokens`, and how many tokens it has. */
        first: count,
        count,
        score: v.number(),
        standardError: v.exactOptional(v.number()),
      }),
    ),
  ),
  /** How well the scores, added up, tell f of texts without some of the tokens; only where they are fitted to such texts. */
  fit: v.exactOptional(
    v.object({
      /** `r2`: R² over the texts that they were fitted to; `lds`: rank correlation over other ones. */
      measure: v.picklist(['r2', 'lds']),
      /** Null where f is the same for all these texts. */
      value: v.nullable(v.number()),
      /** How many texts this is over. */
      masks: count,
    }),
  ),
  /** True while a better answer to the same request is still to come. */
  refining: v.boolean(),
  next: v.array(alternative),
});
export type ExplainedTokens = v.InferOutput<typeof explainedTokens>;

export const explanation = v.object({
  ...explainedTokens.entries,
  receipt: explainReceipt,
  /** f(x). */
  value: v.number(),
  /** f(x′); for a method without a baseline, f with every explained token removed by that method's own rule. */
  baselineValue: v.number(),
  /** δ = Σ scores − (f(x) − f(x′)); null if the method does not claim completeness. */
  delta: v.nullable(v.number()),
});
export type Explanation = v.InferOutput<typeof explanation>;

/** First scores of an explanation, which come before f(x) and f(x′) are computed. */
export const firstScores = v.object({
  ...explainedTokens.entries,
  value: v.null(),
  baselineValue: v.null(),
  delta: v.null(),
});
export type FirstScores = v.InferOutput<typeof firstScores>;

/** The sum of the scores may be known before the hash of the model is. */
const refinedScores = v.object({ ...explanation.entries, receipt: explainReceiptSoFar });

export type PartialExplanation = FirstScores | v.InferOutput<typeof refinedScores>;

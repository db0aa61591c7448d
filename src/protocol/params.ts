/** The parameters of what can be asked of the engine: schemas, from which the types follow. */
import * as v from 'valibot';
import { editKinds } from './edits.ts';
import { limits } from './limits.ts';
import {
  type AttributionMethodId,
  attributionMethods,
  type MethodChoice,
  methodChoice,
  methodId,
  type Removal,
  removals,
} from './methods.ts';
import { baselines, objectives } from './objectives.ts';
import { anyIndex, integer, integerOrAuto, oneOf, real } from './values.ts';

const flag = v.boolean('true | false');
const seed = anyIndex;
const path = v.custom<string>((x) => typeof x === 'string' && x !== '' && !x.includes('\0'), 'a path');
const text = v.string('a text');

/** A UTF-16 range of the text. */
const range = v.object({ start: v.number('a number'), end: v.number('a number') }, '{start, end}');

const asObject = <const E extends v.ObjectEntries>(entries: E) => v.object(entries, 'an object');

const modelTextEntries = {
  modelDir: path,
  text,
  /** Prepend `<|endoftext|>`. */
  bos: flag,
};
const modelText = asObject(modelTextEntries);
/** Where a text comes from: a checkpoint folder and the text that the model reads. */
export type ModelText = v.InferOutput<typeof modelText>;

const topToken = v.object({ kind: v.literal('top') });
const tokenId = v.object({ kind: v.literal('id'), id: anyIndex });
const tokenText = v.object({ kind: v.literal('text'), text });
const noToken = v.object({ kind: v.literal('none') });
const competitor = v.object({ kind: v.literal('competitor') });
const actualToken = v.object({ kind: v.literal('actual') });

const tokenChoice = v.variant('kind', [topToken, tokenId, tokenText], 'top | id | text');
/** A token named by a person: the model's most probable one, an id, or a text that must be exactly one token. */
export type TokenChoice = v.InferOutput<typeof tokenChoice>;

/** `actual`: the token that stands at the position. */
const target = v.variant('kind', [topToken, tokenId, tokenText, actualToken], 'top | id | text | actual');
/**
 * `top`: the most probable other token. `competitor`: the most probable one that means something beside the target; where
 * there is none, the target alone is explained.
 */
const foil = v.variant(
  'kind',
  [competitor, topToken, tokenId, tokenText, noToken],
  'competitor | top | id | text | none',
);

const atEnd = v.object({ kind: v.literal('end') });
const atToken = v.object({ kind: v.literal('token'), index: anyIndex });
const atOffset = v.object({ kind: v.literal('offset'), offset: anyIndex });
const position = v.variant('kind', [atEnd, atToken, atOffset], 'end | token | offset');
/** Which prediction: of what comes after the text, of the token with an index, or of the one that covers an offset. */
export type Position = v.InferOutput<typeof position>;

export const modelParams = asObject({ modelDir: path });

const predictionAsked = asObject({
  ...modelTextEntries,
  /**
   * UTF-16 range of `text` whose tokens are explained; what comes before it is constant context. Tokens from the
   * predicted one on cannot have influenced the prediction: with an offset they are left out, otherwise they score 0.
   */
  range,
  at: position,
  target,
  /** A text of several tokens is compared with the target by log-probability. */
  foil,
  objective: oneOf(objectives),
  baseline: oneOf(baselines),
});
export const explainParams = v.intersect([predictionAsked, methodChoice]);
export type ExplainParams = v.InferOutput<typeof predictionAsked> & MethodChoice;

export const contextProbeParams = asObject({
  ...modelTextEntries,
  /** UTF-16 range of `text` whose tokens windows begin with; all windows end before the predicted token. */
  range,
  at: position,
  /** How many tokens at most, those nearest to the prediction: n of them cost as much as reading n (n + 1) / 2 tokens. */
  most: integer(1, limits.probedTokens),
});
export type ContextProbeParams = v.InferOutput<typeof contextProbeParams>;

/** A method with its default options, or random scores beside them. */
const compared = v.picklist(
  ['random', ...attributionMethods] as const,
  ['random', ...attributionMethods].join(' | '),
);

export const evaluateParams = v.intersect([
  predictionAsked,
  asObject({
    methods: v.pipe(v.array(compared, 'a list of methods'), v.minLength(1, '1 or more methods')),
    removals: v.pipe(v.array(oneOf(removals), 'a list of removals'), v.minLength(1, '1 or more removals')),
    /** Where the evidence for the target is known to be; null: it is not. */
    evidence: v.nullable(v.array(range, 'a list of ranges')),
    /** Of random orders, masks, drawn texts and random scores. */
    evaluationSeed: seed,
  }),
]);
export type EvaluateParams = v.InferOutput<typeof evaluateParams>;

export const removeParams = v.intersect([
  predictionAsked,
  asObject({
    /** The tokens that are removed together, each once: indices into those that an explanation of the range has. */
    tokens: v.pipe(v.array(anyIndex, 'a list of indices'), v.minLength(1, '1 or more tokens')),
    /** Of what `refill` draws. */
    seed,
  }),
]);
export type RemoveParams = v.InferOutput<typeof removeParams>;

export const evidenceParams = v.intersect([
  predictionAsked,
  methodChoice,
  asObject({
    /** The explanation's scores, in the order of its tokens; null: they are computed first. */
    scores: v.nullable(v.array(v.number('a number'), 'a list of numbers')),
    /** By which operators tokens are removed, one after the other. */
    removals: v.pipe(
      v.array(oneOf(removals), 'a list of removals'),
      v.minLength(1, `1 … ${removals.length} removals`),
      v.maxLength(removals.length, `1 … ${removals.length} removals`),
    ),
    /** Where to stop: `correlations` leaves out what takes longest, the share out of distribution, floor and ceiling. */
    depth: v.optional(oneOf(['correlations', 'limits']), 'limits'),
    /** Methods that the scores are compared with; those that cannot explain this f are left out. */
    others: v.pipe(
      v.array(methodId, 'a list of methods'),
      v.maxLength(limits.others, `0 … ${limits.others}`),
    ),
    /** Compare them with those of the same method from the other baselines, too. */
    otherBaselines: flag,
    /** Of random orders, masks and drawn texts. */
    evidenceSeed: seed,
  }),
]);
export type EvidenceParams = v.InferOutput<typeof predictionAsked> &
  MethodChoice & {
    scores: number[] | null;
    removals: Removal[];
    depth?: 'correlations' | 'limits';
    others: AttributionMethodId[];
    otherBaselines: boolean;
    evidenceSeed: number;
  };

export const scoreParams = asObject({
  ...modelTextEntries,
  /** Only tokens in this UTF-16 range are reported; null: all. */
  range: v.nullable(range),
  /** How many alternatives are listed per token. */
  top: integer(0, limits.alternatives),
  /**
   * A text longer than the context is read in windows that begin at the tokens 0, stride, 2 stride …, and each token is
   * scored in the first window that has it: from the second window on it has at least the context less the stride
   * before it. The stride is at most the context less one (less BOS). `auto`: half of the context. Null: only the
   * window that ends with the last token of the range is read, and tokens before it are not reported.
   */
  stride: v.nullable(integerOrAuto(limits.stride)),
});
export type ScoreParams = v.InferOutput<typeof scoreParams>;

/** Ill-formed texts are refused: half a character cannot be generated. */
const stopText = v.custom<string>(
  (x) => typeof x === 'string' && x !== '' && x.length <= limits.stopText && x.isWellFormed(),
  `a text, 1 … ${limits.stopText}`,
);

export const generateParams = asObject({
  ...modelTextEntries,
  sequences: integer(1, limits.sequences),
  maxTokens: integer(0, limits.generatedTokens),
  seed,
  temperature: real(0, 100),
  topK: anyIndex,
  topP: real(0, 1),
  repetitionPenalty: real(0.1, 10),
  /** A sequence ends before the first of these texts. */
  stop: v.pipe(
    v.array(stopText, 'a list of texts'),
    v.maxLength(limits.stopTexts, `0 … ${limits.stopTexts} texts`),
  ),
  /** The id that every sequence begins with; null: the model's own choice. */
  first: v.nullable(anyIndex),
});
export type GenerateParams = v.InferOutput<typeof generateParams>;

const mapIndex = integer(0, 65_535);
const maps = v.nullable(v.array(mapIndex, 'a list of indices'));

export const attentionParams = asObject({
  ...modelTextEntries,
  /** Null: all of them. */
  layers: maps,
  heads: maps,
});
export type AttentionParams = v.InferOutput<typeof attentionParams>;

const oneHead = v.object({ kind: v.literal('head'), layer: mapIndex, head: mapIndex });
const oneLayer = v.object({ kind: v.literal('layer'), layer: mapIndex });
const meanOfAll = v.object({ kind: v.literal('mean') });
const rollout = v.object({ kind: v.literal('rollout') });
const maxOfAll = v.object({ kind: v.literal('max') });

const attentionView = v.variant(
  'kind',
  [oneHead, oneLayer, meanOfAll, rollout],
  'head | layer | mean | rollout',
);
/**
 * What a query token's attention is summed over: nothing (one head), the heads of a layer, all heads, or the layers
 * too, residual connections included (rollout: Abnar and Zuidema 2020, equation 1).
 */
export type AttentionView = v.InferOutput<typeof attentionView>;

export const attendParams = asObject({
  ...modelTextEntries,
  /** UTF-16 offset. The query is the token that covers it; at the end of the text, the last token. */
  offset: anyIndex,
  view: attentionView,
  /**
   * Leave the first key out of the view's weights and let the others sum to 1: it collects attention that is not needed
   * elsewhere.
   */
  withoutFirst: flag,
  /** How many next tokens are listed. */
  top: integer(0, limits.alternatives),
});
export type AttendParams = v.InferOutput<typeof attendParams>;

export const distributionParams = asObject({
  ...modelTextEntries,
  at: position,
  /** How many candidates are listed. */
  top: integer(1, limits.alternatives),
  temperature: real(0, 100),
  topK: anyIndex,
  topP: real(0, 1),
  /** Heads that are switched off: zeros take the place of their outputs, before the output projection. */
  without: v.pipe(
    v.array(v.object({ layer: mapIndex, head: mapIndex }, '{layer, head}'), 'a list of heads'),
    v.maxLength(limits.heads, `0 … ${limits.heads} heads`),
  ),
});
export type DistributionParams = v.InferOutput<typeof distributionParams>;

export const lensParams = asObject({
  ...modelTextEntries,
  /** UTF-16 range of the tokens in the answer; null: all. If it does not fit, its last tokens. */
  range: v.nullable(range),
  /** The token whose rank is followed. `top`: the model's own prediction after the range. Null: none. */
  follow: v.nullable(tokenChoice),
});
export type LensParams = v.InferOutput<typeof lensParams>;

const mapView = v.variant(
  'kind',
  [oneHead, oneLayer, meanOfAll, maxOfAll, rollout],
  'head | layer | mean | max | rollout',
);
/** What the cells of a map are made of; `max`: the largest weight over all heads. */
export type MapView = v.InferOutput<typeof mapView>;

const mapSize = integer(1, limits.mapSize);

export const attentionMapParams = asObject({
  ...modelTextEntries,
  view: mapView,
  /**
   * The most rows and columns: a larger map is pooled, each cell the largest of its weights. Null: not pooled. A map of
   * more than 8 MB (1,414 tokens) is always pooled.
   */
  size: v.nullable(mapSize),
  /**
   * Leave the first key out and let the others of a row sum to 1: it collects attention that is not needed elsewhere. A
   * row without other weights is not changed. With `gradient` the others are not rescaled, because products do not sum
   * to 1.
   */
  withoutFirst: flag,
  /**
   * Attention × gradient: each weight is multiplied by the gradient of f with respect to it, and negative products are
   * set to 0 (Chefer et al. 2021, equation 5). f is the target's logit less that of the foil (a single token), or the
   * target's logit if there is no foil. The map ends before the predicted token. Null: the weights themselves. Not with
   * `rollout`.
   */
  gradient: v.nullable(v.object({ at: position, target, foil }, '{at, target, foil}')),
});
export type AttentionMapParams = v.InferOutput<typeof attentionMapParams>;

export const thumbnailParams = asObject({
  ...modelTextEntries,
  /** The most rows and columns of each map; fewer if all maps would have more than 8 MB. */
  size: mapSize,
});
export type ThumbnailParams = v.InferOutput<typeof thumbnailParams>;

export const headPatternParams = asObject({
  modelDir: path,
  seed,
  /** The most tokens of one copy; fewer if two copies would not fit into the context. */
  length: integer(2, limits.patternLength),
  /** How many sequences the mean is over. */
  sequences: integer(1, limits.patternSequences),
});
export type HeadPatternParams = v.InferOutput<typeof headPatternParams>;

export const importanceParams = asObject({
  ...modelTextEntries,
  at: position,
  target,
  /** One token, because parts are compared by logits. `none`: the target's logit alone. */
  foil,
});
export type ImportanceParams = v.InferOutput<typeof importanceParams>;

const goalAny = v.object({ kind: v.literal('any') });
const goalTo = v.object({
  kind: v.literal('to'),
  token: v.variant('kind', [tokenId, tokenText], 'id | text'),
});
const goalBelow = v.object({ kind: v.literal('below'), rank: integer(1, limits.rank), target });

/**
 * What an edit is to bring about. `any`: another token is the most probable one. `to`: this one is. `below`: the target's
 * rank is larger than `rank`.
 */
const goal = v.variant('kind', [goalAny, goalTo, goalBelow], 'any | to | below');
export type Goal = v.InferOutput<typeof goal>;

const searchEntries = {
  ...modelTextEntries,
  /** UTF-16 range of `text` that may be edited; what comes before it is constant context. */
  range,
  at: position,
  goal,
  /** UTF-16 ranges that stay as they are. */
  keep: v.pipe(v.array(range, 'a list of ranges'), v.maxLength(limits.kept, `0 … ${limits.kept} ranges`)),
  kinds: v.pipe(v.array(oneOf(editKinds), 'a list of kinds'), v.minLength(1, '1 or more kinds')),
  /** Only whole words are replaced, put in or left out. */
  wordsOnly: flag,
  /** What takes a token's place begins with a space if that one does, and has its case. */
  sameForm: flag,
  /** The most evaluations: edited texts that are read, and gradients. */
  budget: integer(1, limits.evaluations),
  /** Of what is drawn. */
  seed,
};

export const flipParams = asObject({
  ...searchEntries,
  /** The most edits. */
  maxEdits: integer(1, limits.edits),
  /** The most characters that are put in, left out or replaced; null: any number. */
  maxDistance: v.nullable(integer(1, limits.textLength)),
  /** The most that the edited text's perplexity may be over the text's; null: anything. */
  perplexityRatio: v.nullable(real(0, 1e9)),
});
export type FlipParams = v.InferOutput<typeof flipParams>;

export const adversarialParams = asObject({
  ...searchEntries,
  /** How many of the worst edits are listed. */
  worst: integer(0, limits.worst),
});
export type AdversarialParams = v.InferOutput<typeof adversarialParams>;

/** What both searches are asked for. */
export type SearchParams = Omit<AdversarialParams, 'worst'>;

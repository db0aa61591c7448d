/**
 * The requests between the extension host (or the command line) and the inference process.
 *
 * Every request ends in its result, an {@link EngineError} (see errors.ts) or a cancellation. A request names its
 * checkpoint folder, so there is no "current model" to get out of step with.
 */
import { NotificationType, ProgressType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { EngineErrorData } from './errors.ts';
import type { MethodChoice } from './methods.ts';
import type {
  AttentionMap,
  AttentionMaps,
  AttentionRows,
  AttentionThumbnails,
  Baseline,
  Explanation,
  GeneratedToken,
  Generation,
  HeadIndex,
  HeadPatterns,
  Importance,
  Lens,
  NextTokens,
  Objective,
  PartialExplanation,
  Sampling,
  Scores,
  Structure,
  TokenScore,
} from './results.ts';

/** Raised by one whenever a message changes its shape; both sides compare it in the handshake. */
export const protocolVersion = 6;

export interface Handshake {
  protocolVersion: number;
  engineVersion: string;
  onnxruntimeVersion: string;
  pid: number;
}

/** Where a text comes from: a checkpoint folder and the text that the model reads. */
export interface ModelText {
  modelDir: string;
  text: string;
  /** Prepend `<|endoftext|>`. */
  bos: boolean;
}

/** A token named by a person: the model's own favourite, an id, or a text that must be exactly one token. */
export type TokenChoice = { kind: 'top' } | { kind: 'id'; id: number } | { kind: 'text'; text: string };

/** Which prediction: of what comes after the text, of the token with an index, or of the one that covers an offset. */
export type Position =
  | { kind: 'end' }
  | { kind: 'token'; index: number }
  | { kind: 'offset'; offset: number };

export type ExplainParams = PredictionAsked & MethodChoice;

interface PredictionAsked extends ModelText {
  /**
   * UTF-16 range of `text` whose tokens are explained; what stands before it is context and held constant. Tokens from
   * the predicted one on cannot have moved the prediction: with an offset they are left out, else they score 0.
   */
  range: { start: number; end: number };
  at: Position;
  /** `actual`: the token that stands at the position. */
  target: TokenChoice | { kind: 'actual' };
  /** A text may be several tokens long; then log-probabilities of both continuations are contrasted. */
  foil: TokenChoice | { kind: 'none' };
  objective: Objective;
  baseline: Baseline;
}

export interface ScoreParams extends ModelText {
  /** Only tokens in this UTF-16 range are reported; null: all. */
  range: { start: number; end: number } | null;
  /** How many alternatives are listed per token. */
  top: number;
  /**
   * A text longer than the context is read in windows that begin at the tokens 0, stride, 2 stride …, and each token is
   * scored in the first one that has it: from the second window on with at least the context less the stride before it.
   * At most the context less one (less BOS), whatever is asked for. `auto`: half of the context. Null: only the window that ends with the last token
   * of the range is read, and what stands before it is not reported.
   */
  stride: number | 'auto' | null;
}

export interface GenerateParams extends ModelText, Sampling {
  sequences: number;
  maxTokens: number;
  seed: number;
  /** A sequence ends before the first of these texts in it; at most 16 of at most 256 UTF-16 units. */
  stop: string[];
  /** The id that every sequence begins with; null: the model's own choice. */
  first: number | null;
}

export interface AttentionParams extends ModelText {
  /** null: all of them. */
  layers: number[] | null;
  heads: number[] | null;
}

/**
 * What a query token's attention is summed over: nothing (one head), the heads of a layer, all heads, or the layers
 * too, residual connections included (rollout: Abnar and Zuidema 2020, equation 1).
 */
export type AttentionView =
  | { kind: 'head'; layer: number; head: number }
  | { kind: 'layer'; layer: number }
  | { kind: 'mean' }
  | { kind: 'rollout' };

export interface AttendParams extends ModelText {
  /** UTF-16 offset; the query is the token that covers it, at the text's end the last one. */
  offset: number;
  view: AttentionView;
  /** Leave the first key out of the view's weights and let the others sum to 1: it collects what is not needed. */
  withoutFirst: boolean;
  /** How many next tokens are listed. */
  top: number;
}

export interface DistributionParams extends ModelText {
  at: Position;
  /** How many candidates are listed. */
  top: number;
  temperature: number;
  topK: number;
  topP: number;
  /** Heads that are switched off: zeros take the place of their outputs, before the output projection. */
  without: HeadIndex[];
}

export interface LensParams extends ModelText {
  /** UTF-16 range of the tokens that are told; null: all. The last tokens that fit, where it is longer. */
  range: { start: number; end: number } | null;
  /** The token whose rank is followed; `top`: the model's own prediction after the range; null: none. */
  follow: TokenChoice | null;
}

/** What the cells of a map are made of. */
export type MapView =
  | AttentionView
  /** The largest weight over all heads. */
  | { kind: 'max' };

export interface AttentionMapParams extends ModelText {
  view: MapView;
  /**
   * Rows and columns at most: a larger map is pooled, each cell the largest of its weights; null: as it is. A map of
   * more than 8 MB (1,414 tokens) is pooled in any case.
   */
  size: number | null;
  /**
   * Leave the first key out and let the others of a row sum to 1: it collects what is not needed. A row that has no
   * other weights stays as it is. With `gradient` it is only left out: products do not sum to 1.
   */
  withoutFirst: boolean;
  /**
   * Attention × gradient: each weight is multiplied by the gradient of f with respect to it, the negative products are
   * zeros (Chefer et al. 2021, equation 5), f being the contrast of the target's logit with that of the foil, which is
   * one token, or the target's logit where there is none. The map ends before the predicted token. Null: the weights
   * themselves. Not with `rollout`.
   */
  gradient: {
    at: Position;
    target: TokenChoice | { kind: 'actual' };
    foil: TokenChoice | { kind: 'none' };
  } | null;
}

export interface ThumbnailParams extends ModelText {
  /** Rows and columns of each map at most; fewer where all maps would have more than 8 MB. */
  size: number;
}

export interface HeadPatternParams {
  modelDir: string;
  seed: number;
  /** Tokens of one copy at most: fewer where two copies would not fit into the context. */
  length: number;
  /** How many the mean is over. */
  sequences: number;
}

export interface ImportanceParams extends ModelText {
  at: Position;
  target: TokenChoice | { kind: 'actual' };
  /** One token: parts are compared by logits. `none`: the target's logit alone. */
  foil: TokenChoice | { kind: 'none' };
}

export interface ModelInfo {
  name: string;
  layers: number;
  heads: number;
  width: number;
  contextLength: number;
  vocabularySize: number;
  parameters: number;
  dtype: 'F32' | 'F16' | 'BF16';
}

export interface Progress<Partial = never> {
  stage: 'loading' | 'reading' | 'explaining' | 'generating';
  /** Units of work done and, where known, in all. */
  done: number;
  total: number | null;
  partial?: Partial;
}

/**
 * A token of the result, told as soon as it is certain to be one: a token that may begin a stop text, or that ends inside
 * of a character, comes with the next one that settles it.
 */
export interface GeneratedPiece {
  sequence: number;
  token: GeneratedToken;
  /**
   * The text that this token completes: empty while a character is still split over tokens. All pieces of a sequence
   * make up its text.
   */
  text: string;
}

/** What can be asked of the engine: the parameters, the result, and what may be told of it on the way. */
export interface Verbs {
  load: Verb<{ modelDir: string }, ModelInfo>;
  explain: Verb<ExplainParams, Explanation, PartialExplanation>;
  /** Partial: tokens not told before, in order; none twice, and none left out at the end. */
  score: Verb<ScoreParams, Scores, TokenScore[]>;
  generate: Verb<GenerateParams, Generation, GeneratedPiece>;
  attention: Verb<AttentionParams, AttentionMaps>;
  attend: Verb<AttendParams, AttentionRows>;
  distribution: Verb<DistributionParams, NextTokens>;
  lens: Verb<LensParams, Lens>;
  attentionMap: Verb<AttentionMapParams, AttentionMap>;
  thumbnails: Verb<ThumbnailParams, AttentionThumbnails>;
  headPatterns: Verb<HeadPatternParams, HeadPatterns>;
  /** Partial: what is known so far, with NaN for the rest. */
  importance: Verb<ImportanceParams, Importance, Importance>;
  structure: Verb<{ modelDir: string }, Structure>;
}

interface Verb<Params, Result, Partial = never> {
  params: Params;
  result: Result;
  partial: Partial;
}

export type VerbName = keyof Verbs;
export type ParamsOf<V extends VerbName> = Verbs[V]['params'];
export type ResultOf<V extends VerbName> = Verbs[V]['result'];
export type ProgressOf<V extends VerbName> = Progress<Verbs[V]['partial']>;

/** A request's parameters with the token under which its progress is reported. */
export type WithProgress<P> = P & { progressToken?: number };

export interface RequestKind<V extends VerbName> {
  request: RequestType<WithProgress<ParamsOf<V>>, ResultOf<V>, EngineErrorData>;
  progress: ProgressType<ProgressOf<V>>;
}

function kind<V extends VerbName>(verb: V): RequestKind<V> {
  return { request: new RequestType(verb), progress: new ProgressType() };
}

export const verbs: { readonly [V in VerbName]: RequestKind<V> } = {
  load: kind('load'),
  explain: kind('explain'),
  score: kind('score'),
  generate: kind('generate'),
  attention: kind('attention'),
  attend: kind('attend'),
  distribution: kind('distribution'),
  lens: kind('lens'),
  attentionMap: kind('attentionMap'),
  thumbnails: kind('thumbnails'),
  headPatterns: kind('headPatterns'),
  importance: kind('importance'),
  structure: kind('structure'),
};

/** What the two processes say to each other besides. */
export const requests = {
  handshake: new RequestType<{ protocolVersion: number }, Handshake, EngineErrorData>('handshake'),
  /** Liveness, answered between two slices of work. */
  ping: new RequestType0<number, never>('ping'),
} as const;

/** A line for the log channel; never the text being explained. */
export const logNotification = new NotificationType<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  message: string;
}>('log');

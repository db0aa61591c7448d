/**
 * The requests between the extension host (or the command line) and the inference process.
 *
 * Every request ends in its result, an {@link EngineError} (see errors.ts) or a cancellation. A request names its
 * checkpoint folder, so there is no "current model" to get out of step with.
 */
import { NotificationType, ProgressType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { EngineErrorData } from './errors.ts';
import type {
  AttentionMaps,
  AttentionRows,
  AttributionMethodId,
  Baseline,
  Explanation,
  GeneratedToken,
  Generation,
  Objective,
  Sampling,
  Scores,
  TokenScore,
} from './results.ts';

/** Raised by one whenever a message changes its shape; both sides compare it in the handshake. */
export const protocolVersion = 2;

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

export interface ExplainParams extends ModelText {
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
  method: AttributionMethodId;
  objective: Objective;
  baseline: Baseline;
  steps: number | 'auto';
  tolerance: number;
  seed: number;
}

export interface ScoreParams extends ModelText {
  /** Only tokens in this UTF-16 range are reported; null: all. */
  range: { start: number; end: number } | null;
  /** How many alternatives are listed per token. */
  top: number;
  /**
   * A text longer than the context is read in windows that begin at the tokens 0, stride, 2 stride …, and each token is
   * scored in the first one that has it: from the second window on with at least the context less the stride before it.
   * At most the context less one (less BOS), whatever is asked for. Null: only the window that ends with the last token
   * of the range is read, and what stands before it is not reported.
   */
  stride: number | null;
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

/** A request's parameters with the token under which its progress is reported. */
export type WithProgress<P> = P & { progressToken?: number };

export const requests = {
  handshake: new RequestType<{ protocolVersion: number }, Handshake, EngineErrorData>('handshake'),
  load: new RequestType<WithProgress<{ modelDir: string }>, ModelInfo, EngineErrorData>('load'),
  explain: new RequestType<WithProgress<ExplainParams>, Explanation, EngineErrorData>('explain'),
  score: new RequestType<WithProgress<ScoreParams>, Scores, EngineErrorData>('score'),
  generate: new RequestType<WithProgress<GenerateParams>, Generation, EngineErrorData>('generate'),
  attention: new RequestType<WithProgress<AttentionParams>, AttentionMaps, EngineErrorData>('attention'),
  attend: new RequestType<WithProgress<AttendParams>, AttentionRows, EngineErrorData>('attend'),
  /** Liveness, answered between two slices of work. */
  ping: new RequestType0<number, never>('ping'),
} as const;

export const progressOf = {
  load: new ProgressType<Progress>(),
  explain: new ProgressType<Progress<Explanation>>(),
  /** Partial: tokens not told before, in order; none twice, and none left out at the end. */
  score: new ProgressType<Progress<TokenScore[]>>(),
  generate: new ProgressType<Progress<GeneratedPiece>>(),
  attention: new ProgressType<Progress>(),
  attend: new ProgressType<Progress>(),
} as const;

/** A line for the log channel; never the text being explained. */
export const logNotification = new NotificationType<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  message: string;
}>('log');

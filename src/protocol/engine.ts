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
  AttributionMethodId,
  Baseline,
  Explanation,
  GeneratedToken,
  Generation,
  Objective,
  Sampling,
  Scores,
} from './results.ts';

/** Raised by one whenever a message changes its shape; both sides compare it in the handshake. */
export const protocolVersion = 1;

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

export interface ExplainParams extends ModelText {
  /** UTF-16 range of `text` whose tokens are explained; what stands before it is context and held constant. */
  range: { start: number; end: number };
  /** The predicted position as a token index; null: the one after the text. */
  at: number | null;
  target: TokenChoice;
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
}

export interface GenerateParams extends ModelText, Sampling {
  sequences: number;
  maxTokens: number;
  seed: number;
}

export interface AttentionParams extends ModelText {
  /** null: all of them. */
  layers: number[] | null;
  heads: number[] | null;
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

export interface GeneratedPiece {
  sequence: number;
  token: GeneratedToken;
  /** The text that this token completes: empty while a character is still split over tokens. */
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
  /** Liveness, answered between two slices of work. */
  ping: new RequestType0<number, never>('ping'),
} as const;

export const progressOf = {
  load: new ProgressType<Progress>(),
  explain: new ProgressType<Progress<Explanation>>(),
  score: new ProgressType<Progress>(),
  generate: new ProgressType<Progress<GeneratedPiece>>(),
  attention: new ProgressType<Progress>(),
} as const;

/** A line for the log channel; never the text being explained. */
export const logNotification = new NotificationType<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  message: string;
}>('log');

/** What can be asked of the engine: the validation, the server and the client's methods follow from this table. */
import type * as v from 'valibot';
import { EngineError } from './errors.ts';
import { limits } from './limits.ts';
import {
  adversarialParams,
  attendParams,
  attentionMapParams,
  attentionParams,
  contextProbeParams,
  distributionParams,
  type EvidenceParams,
  evaluateParams,
  evidenceParams,
  explainParams,
  flipParams,
  generateParams,
  headPatternParams,
  importanceParams,
  lensParams,
  modelParams,
  type Position,
  removeParams,
  scoreParams,
  thumbnailParams,
} from './params.ts';
import type {
  Adversarial,
  AttentionMap,
  AttentionMaps,
  AttentionRows,
  AttentionThumbnails,
  ContextProbe,
  Evaluated,
  Evidence,
  Explanation,
  Flipped,
  GeneratedToken,
  Generation,
  HeadPatterns,
  Importance,
  Lens,
  NextTokens,
  PartialAdversarial,
  PartialContextProbe,
  PartialEvidence,
  PartialExplanation,
  PartialFlip,
  PartialImportance,
  Removed,
  Scores,
  Structure,
  TokenScore,
} from './results.ts';

/**
 * Which request goes first, by what the person sees meanwhile. `waiting`: nothing yet, for a short answer or one whose
 * first picture comes soon. `reading`: a text to read on, as beside a hover. `filling-in`: something that becomes more
 * complete or exact; also what nobody watches, such as an agent's requests. `idle`: what is computed while nobody asks for
 * anything.
 */
export const ranks = ['waiting', 'reading', 'filling-in', 'idle'] as const;
export type Rank = (typeof ranks)[number];

export interface Progress<Partial = never> {
  stage: 'loading' | 'reading' | 'explaining' | 'evaluating' | 'generating';
  /** Units of work done and, where known, in all. */
  done: number;
  total: number | null;
  partial?: Partial;
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

/**
 * A token of the result, sent as soon as it is certain. A token that may begin a stop text, or that ends inside a
 * character, is sent with the token that settles it.
 */
export interface GeneratedPiece {
  sequence: number;
  token: GeneratedToken;
  /**
   * The text that this token completes; empty while a character is split over tokens. All pieces together are the
   * sequence's text.
   */
  text: string;
}

export const verbs = {
  load: verb<ModelInfo>()(modelParams, 'filling-in'),
  explain: verb<Explanation, PartialExplanation>()(explainParams, 'waiting', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  /** Partial: what is known so far. */
  evidence: verb<Evidence, PartialEvidence>()(
    evidenceParams as v.GenericSchema<unknown, EvidenceParams>,
    'idle',
    (params) => {
      checkText(params);
      checkPosition(params);
    },
  ),
  /** Partial: the next tokens, in order. All of them are sent, each once. */
  score: verb<Scores, TokenScore[]>()(scoreParams, 'reading', checkText),
  generate: verb<Generation, GeneratedPiece>()(generateParams, 'waiting', checkText),
  attention: verb<AttentionMaps>()(attentionParams, 'waiting', checkText),
  attend: verb<AttentionRows>()(attendParams, 'waiting', (params) => {
    checkText(params);
    checkOffset('offset', params.offset, params.text);
  }),
  distribution: verb<NextTokens>()(distributionParams, 'waiting', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  lens: verb<Lens>()(lensParams, 'reading', checkText),
  attentionMap: verb<AttentionMap>()(attentionMapParams, 'waiting', (params) => {
    checkText(params);
    if (params.gradient) checkPosition({ text: params.text, at: params.gradient.at });
  }),
  thumbnails: verb<AttentionThumbnails>()(thumbnailParams, 'reading', checkText),
  headPatterns: verb<HeadPatterns>()(headPatternParams, 'filling-in'),
  /** Partial: what is known so far, with NaN for the rest. */
  importance: verb<Importance, PartialImportance>()(importanceParams, 'filling-in', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  /** How well several methods explain one example. */
  evaluate: verb<Evaluated>()(evaluateParams, 'filling-in', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  /** f without some of the explained tokens, by every operator. */
  remove: verb<Removed>()(removeParams, 'waiting', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  /** The smallest edit that changes what the model says. Partial: the best so far. */
  flip: verb<Flipped, PartialFlip>()(flipParams, 'waiting', checkSearch),
  /** How many single edits of each kind change what the model says. */
  adversarial: verb<Adversarial, PartialAdversarial>()(adversarialParams, 'filling-in', checkSearch),
  /** Partial: what is known so far, the nearest tokens first, with NaN for the rest. */
  contextProbe: verb<ContextProbe, PartialContextProbe>()(contextProbeParams, 'filling-in', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  structure: verb<Structure>()(modelParams, 'filling-in'),
} as const;

export type VerbName = keyof typeof verbs;
export const verbNames = Object.keys(verbs) as readonly VerbName[];

export interface Verb<Params, Result, Partial> {
  readonly schema: v.GenericSchema<unknown, Params>;
  /** Checks what a schema of single values cannot. @throws EngineError */
  readonly check: (params: Params) => void;
  /** The rank of a request that names none. */
  readonly rank: Rank;
  /** Never has a value: only its type is used. */
  readonly types?: { params: Params; result: Result; partial: Partial };
}

type Types = {
  [V in VerbName]: NonNullable<(typeof verbs)[V]['types']>;
};
export type ParamsOf<V extends VerbName> = Types[V]['params'];
export type ResultOf<V extends VerbName> = Types[V]['result'];
export type PartialOf<V extends VerbName> = Types[V]['partial'];
export type ProgressOf<V extends VerbName> = Progress<PartialOf<V>>;

/** The result's type is given here; the parameters' type follows from the schema. */
function verb<Result, Partial = never>() {
  return <Params>(
    schema: v.GenericSchema<unknown, Params>,
    rank: Rank,
    check: (params: Params) => void = () => {},
  ): Verb<Params, Result, Partial> => ({ schema, check, rank });
}

interface TextAndRange {
  text: string;
  range?: { start: number; end: number } | null;
}

/** The text is short enough and 0 ≤ start ≤ end ≤ its length. */
function checkText({ text: { length }, range }: TextAndRange): void {
  if (length > limits.textLength) {
    throw new EngineError('text-too-long', { length, limit: limits.textLength });
  }
  if (!range) return;
  const { start, end } = range;
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (!whole || start < 0 || start > end || end > length)
    throw new EngineError('range-invalid', { start, end });
}

function checkSearch(
  params: TextAndRange & { at: Position; keep: readonly { start: number; end: number }[] },
): void {
  checkText(params);
  checkPosition(params);
  for (const range of params.keep) checkText({ text: params.text, range });
}

function checkPosition({ text, at }: { text: string; at: Position }): void {
  if (at.kind === 'offset') checkOffset('at.offset', at.offset, text);
}

function checkOffset(option: string, value: number, { length }: string): void {
  if (value > length) throw new EngineError('option-invalid', { option, value, expected: `0 … ${length}` });
}

/** What can be asked of the engine: the validation, the server and the client's methods follow from this table. */
import type * as v from 'valibot';
import { EngineError } from './errors.ts';
import { limits } from './limits.ts';
import {
  attendParams,
  attentionMapParams,
  attentionParams,
  distributionParams,
  explainParams,
  generateParams,
  headPatternParams,
  importanceParams,
  lensParams,
  modelParams,
  type Position,
  scoreParams,
  thumbnailParams,
} from './params.ts';
import type {
  AttentionMap,
  AttentionMaps,
  AttentionRows,
  AttentionThumbnails,
  Explanation,
  GeneratedToken,
  Generation,
  HeadPatterns,
  Importance,
  Lens,
  NextTokens,
  PartialExplanation,
  PartialImportance,
  Scores,
  Structure,
  TokenScore,
} from './results.ts';

/**
 * Who goes first, by what a person has in front of them meanwhile. `waiting`: nothing, and the answer is short, or its
 * first picture is. `reading`: a text that can be read on, hovers aside. `filling-in`: something already, which fills in
 * or becomes more exact; and everything that nobody looks at, such as what an agent asks.
 */
export const ranks = ['waiting', 'reading', 'filling-in'] as const;
export type Rank = (typeof ranks)[number];

export interface Progress<Partial = never> {
  stage: 'loading' | 'reading' | 'explaining' | 'generating';
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

export const verbs = {
  load: verb<ModelInfo>()(modelParams, 'filling-in'),
  explain: verb<Explanation, PartialExplanation>()(explainParams, 'waiting', (params) => {
    checkText(params);
    checkPosition(params);
  }),
  /** Partial: tokens not told before, in order; none twice, and none left out at the end. */
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
  structure: verb<Structure>()(modelParams, 'filling-in'),
} as const;

export type VerbName = keyof typeof verbs;
export const verbNames = Object.keys(verbs) as readonly VerbName[];

export interface Verb<Params, Result, Partial> {
  readonly schema: v.GenericSchema<unknown, Params>;
  /** What no schema of a single value can tell. @throws EngineError */
  readonly check: (params: Params) => void;
  /** Of a request that names no other. */
  readonly rank: Rank;
  /** Never there: only its type is used. */
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

function checkPosition({ text, at }: { text: string; at: Position }): void {
  if (at.kind === 'offset') checkOffset('at.offset', at.offset, text);
}

function checkOffset(option: string, value: number, { length }: string): void {
  if (value > length) throw new EngineError('option-invalid', { option, value, expected: `0 … ${length}` });
}

/** Which prediction is meant, and which tokens before it are explained. */
import type { ExplainParams, ModelText, Position } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { EncodedToken } from '../tokens.ts';
import { type Reading, readTokens, tokenAt, tokensIn, tokensOf } from './reading.ts';

export interface Prediction {
  /** The text up to the predicted token, which is not read itself. */
  reading: Reading;
  /** The index of the predicted token; the number of tokens if it comes after the text. */
  at: number;
  /** The token that stands there; null after the text. */
  actual: EncodedToken | null;
}

export interface ExplainedPrediction extends Prediction {
  /** The first explained token and the one after the last, which may come after `at`. */
  explained: { first: number; end: number };
  /** The UTF-16 range that was asked about. */
  range: { start: number; end: number };
}

/**
 * @param room the most ids to read
 * @throws EngineError `text-empty`, `first-token`, `position-invalid`
 */
export function locatePrediction(
  model: Gpt2,
  params: ModelText & { at: Position },
  room: number,
): Prediction {
  const tokens = tokensOf(model, params);
  const at = predictedToken(params, tokens);
  const reading = readTokens(model, tokens, params, { end: at, limit: room });
  return { reading, at, actual: tokens[at] ?? null };
}

/**
 * @param room the most ids to read
 * @throws EngineError `text-empty`, `first-token`, `position-invalid`, `position-before-range`
 */
export function locate(
  model: Gpt2,
  params: ModelText & Pick<ExplainParams, 'at' | 'range'>,
  room: number,
): ExplainedPrediction {
  const prediction = locatePrediction(model, params, room);
  const { reading, at } = prediction;
  const { tokens } = reading;
  const inRange = tokensIn(tokens, params.range);
  const explained = { first: Math.max(inRange.first, reading.dropped), end: inRange.end };
  if (explained.first >= explained.end) throw new EngineError('text-empty');
  if (at === 0) throw new EngineError('first-token');
  if (explained.first >= at) throw new EngineError('position-before-range', { at });
  const located = { ...prediction, explained, range: params.range };
  return params.at.kind === 'offset' ? cutAt(located) : located;
}

/**
 * The index of the predicted token; the number of tokens if it comes after the text.
 * @throws EngineError `first-token`, `position-invalid`
 */
export function predictedToken(
  { at: position, bos }: Pick<ExplainParams, 'at' | 'bos'>,
  tokens: readonly EncodedToken[],
): number {
  const at = indexOf(position, tokens);
  // Nothing comes before the first id that is read, so nothing predicts it.
  const first = bos ? 0 : 1;
  if (Number.isInteger(at) && at >= first && at <= tokens.length) return at;
  if (at === 0) throw new EngineError('first-token');
  throw new EngineError('position-invalid', { at, tokens: tokens.length, first });
}

function indexOf(position: Position, tokens: readonly EncodedToken[]): number {
  if (position.kind === 'end') return tokens.length;
  return position.kind === 'token' ? position.index : tokenAt(tokens, position.offset);
}

/** Leaves out the tokens from the predicted one on. */
function cutAt(prediction: ExplainedPrediction): ExplainedPrediction {
  const { at, actual, explained, range } = prediction;
  return {
    ...prediction,
    explained: { ...explained, end: Math.min(explained.end, at) },
    range: { ...range, end: Math.min(range.end, actual?.start ?? range.end) },
  };
}

/** What the process accepts from outside, before anything is computed. */
import * as v from 'valibot';
import type {
  AttendParams,
  AttentionParams,
  ExplainParams,
  GenerateParams,
  ScoreParams,
} from '../protocol/engine.ts';
import { EngineError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import * as schemas from './schemas.ts';

/**
 * One function per request: from anything to its parameters, without what the schema does not know.
 * @throws EngineError `option-invalid`, `range-invalid` or `text-too-long`
 */
export const validate = {
  handshake: (params: unknown): { protocolVersion: number } => parse(schemas.handshake, params),
  load: (params: unknown): { modelDir: string } => parse(schemas.load, params),
  explain(params: unknown): ExplainParams {
    const checked = checkText(parse(schemas.explain, params));
    if (checked.at.kind === 'offset') checkOffset('at.offset', checked.at.offset, checked.text);
    return checked;
  },
  score: (params: unknown): ScoreParams => checkText(parse(schemas.score, params)),
  generate: (params: unknown): GenerateParams => checkText(parse(schemas.generate, params)),
  attention: (params: unknown): AttentionParams => checkText(parse(schemas.attention, params)),
  attend(params: unknown): AttendParams {
    const checked = checkText(parse(schemas.attend, params));
    checkOffset('offset', checked.offset, checked.text);
    return checked;
  },
} as const;

function parse<P>(schema: v.GenericSchema<unknown, P>, params: unknown): P {
  const result = v.safeParse(schema, params, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EngineError('option-invalid', {
    option: v.getDotPath(issue) ?? 'params',
    value: shorten(issue.input),
    expected: issue.message,
  });
}

interface TextAndRange {
  text: string;
  range?: { start: number; end: number } | null;
}

/** The text is short enough and 0 ≤ start ≤ end ≤ its length. */
function checkText<P extends TextAndRange>(params: P): P {
  const { length } = params.text;
  if (length > limits.textLength) {
    throw new EngineError('text-too-long', { length, limit: limits.textLength });
  }
  if (params.range) {
    const { start, end } = params.range;
    const whole = Number.isInteger(start) && Number.isInteger(end);
    if (!whole || start < 0 || start > end || end > length) {
      throw new EngineError('range-invalid', { start, end });
    }
  }
  return params;
}

function checkOffset(option: string, value: number, { length }: string): void {
  if (value > length) throw new EngineError('option-invalid', { option, value, expected: `0 … ${length}` });
}

function shorten(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

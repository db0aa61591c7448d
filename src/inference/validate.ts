/** What the process accepts from outside, before anything is computed. */
import * as v from 'valibot';
import type { ParamsOf, Position, VerbName } from '../protocol/engine.ts';
import { EngineError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import * as schemas from './schemas.ts';

/**
 * One function per request: from anything to its parameters, without what the schema does not know.
 * @throws EngineError `option-invalid`, `range-invalid` or `text-too-long`
 */
export const validate: {
  readonly [V in VerbName]: (params: unknown) => ParamsOf<V>;
} & { handshake: (params: unknown) => { protocolVersion: number } } = {
  handshake: (params) => parse(schemas.handshake, params),
  load: (params) => parse(schemas.load, params),
  explain: (params) => checkPosition(checkText(parse(schemas.explain, params))),
  score: (params) => checkText(parse(schemas.score, params)),
  generate: (params) => checkText(parse(schemas.generate, params)),
  attention: (params) => checkText(parse(schemas.attention, params)),
  attend(params) {
    const checked = checkText(parse(schemas.attend, params));
    checkOffset('offset', checked.offset, checked.text);
    return checked;
  },
  distribution: (params) => checkPosition(checkText(parse(schemas.distribution, params))),
  lens: (params) => checkText(parse(schemas.lens, params)),
  attentionMap(params) {
    const checked = checkText(parse(schemas.attentionMap, params));
    if (checked.gradient) checkPosition({ text: checked.text, at: checked.gradient.at });
    return checked;
  },
  thumbnails: (params) => checkText(parse(schemas.thumbnails, params)),
  headPatterns: (params) => parse(schemas.headPatterns, params),
  importance: (params) => checkPosition(checkText(parse(schemas.importance, params))),
  structure: (params) => parse(schemas.load, params),
};

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

function checkPosition<P extends { text: string; at: Position }>(params: P): P {
  if (params.at.kind === 'offset') checkOffset('at.offset', params.at.offset, params.text);
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

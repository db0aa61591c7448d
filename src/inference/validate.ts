/** Schemas of the requests' parameters: what the process accepts from outside, before anything is computed. */
import * as v from 'valibot';
import type { AttentionParams, ExplainParams, GenerateParams, ScoreParams } from '../protocol/engine.ts';
import { EngineError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { attributionMethods, baselines, objectives } from '../protocol/results.ts';

/* The message of every schema says what is expected, in symbols where it can, so that it reads in any language. */

const lies = (x: unknown, min: number, max: number) => typeof x === 'number' && x >= min && x <= max;

const integer = (min: number, max: number) =>
  v.custom<number>((x) => Number.isSafeInteger(x) && lies(x, min, max), `${min} … ${max}`);

const real = (min: number, max: number) => v.custom<number>((x) => lies(x, min, max), `${min} … ${max}`);

const oneOf = <const T extends readonly string[]>(names: T) => v.picklist(names, names.join(' | '));

const steps = v.custom<number | 'auto'>(
  (x) => x === 'auto' || (Number.isSafeInteger(x) && lies(x, 1, limits.steps)),
  `auto | 1 … ${limits.steps}`,
);

const flag = v.boolean('true | false');
const anyIndex = integer(0, Number.MAX_SAFE_INTEGER);
const seed = anyIndex;

const path = v.custom<string>((x) => typeof x === 'string' && x !== '' && !x.includes('\0'), 'a path');

const text = v.string('a text');

const modelText = { modelDir: path, text, bos: flag };

const range = v.object({ start: v.number('a number'), end: v.number('a number') }, '{start, end}');

const tokenText = v.object({ kind: v.literal('text'), text });
const tokenId = v.object({ kind: v.literal('id'), id: anyIndex });
const topToken = v.object({ kind: v.literal('top') });
const noToken = v.object({ kind: v.literal('none') });

const maps = v.nullable(v.array(integer(0, 65_535), 'a list of indices'));

const handshake = v.object({ protocolVersion: v.number('a number') }, 'an object');

const load = v.object({ modelDir: path }, 'an object');

const explain = v.object(
  {
    ...modelText,
    range,
    at: v.nullable(anyIndex),
    target: v.variant('kind', [topToken, tokenId, tokenText], 'top | id | text'),
    foil: v.variant('kind', [topToken, tokenId, tokenText, noToken], 'top | id | text | none'),
    method: oneOf(attributionMethods),
    objective: oneOf(objectives),
    baseline: oneOf(baselines),
    steps,
    tolerance: real(0, 1),
    seed,
  },
  'an object',
);

const score = v.object(
  { ...modelText, range: v.nullable(range), top: integer(0, limits.alternatives) },
  'an object',
);

const generate = v.object(
  {
    ...modelText,
    sequences: integer(1, limits.sequences),
    maxTokens: integer(0, limits.generatedTokens),
    seed,
    temperature: real(0, 100),
    topK: anyIndex,
    topP: real(0, 1),
  },
  'an object',
);

const attention = v.object({ ...modelText, layers: maps, heads: maps }, 'an object');

/**
 * One function per request: from anything to its parameters, without what the schema does not know.
 * @throws EngineError `option-invalid`, `range-invalid` or `text-too-long`
 */
export const validate = {
  handshake: (params: unknown): { protocolVersion: number } => parse(handshake, params),
  load: (params: unknown): { modelDir: string } => parse(load, params),
  explain: (params: unknown): ExplainParams => checkText(parse(explain, params)),
  score: (params: unknown): ScoreParams => checkText(parse(score, params)),
  generate: (params: unknown): GenerateParams => checkText(parse(generate, params)),
  attention: (params: unknown): AttentionParams => checkText(parse(attention, params)),
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

function shorten(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Checks what comes from outside before anything is computed. */
import * as v from 'valibot';
import { EngineError } from '../../protocol/errors.ts';
import { type ParamsOf, type Verb, type VerbName, verbs } from '../../protocol/verbs.ts';

/**
 * Gives a verb's parameters, without properties that its schema does not know.
 * @throws EngineError `option-invalid`, `range-invalid` or `text-too-long`
 */
export function validate<V extends VerbName>(verb: V, raw: unknown): ParamsOf<V> {
  const { schema, check } = verbs[verb] as unknown as Verb<ParamsOf<V>, unknown, unknown>;
  const params = parse(schema, raw);
  check(params);
  return params;
}

/** @throws EngineError `option-invalid` */
export function parse<P>(schema: v.GenericSchema<unknown, P>, raw: unknown): P {
  const result = v.safeParse(schema, raw, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EngineError('option-invalid', {
    option: v.getDotPath(issue) ?? 'params',
    value: shorten(issue.input),
    expected: issue.message,
  });
}

function shorten(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

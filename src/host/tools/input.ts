/** What a model sends may be anything. Each schema's message says what is expected, as a model can act on it. */
import * as v from 'valibot';
import { windowUnits } from '../text/snapshot.ts';
import { literal } from './answer.ts';

/** UTF-16 units of a wrong value that are repeated. */
const givenUnits = 60;

const lies = (x: unknown, min: number, max: number) => typeof x === 'number' && x >= min && x <= max;

/** Not before it is needed: its first use takes as long as a tenth of loading the extension. */
const count = (value: number) => value.toLocaleString('en');

export const integer = (min: number, max: number) =>
  v.custom<number>(
    (x) => Number.isSafeInteger(x) && lies(x, min, max),
    () => `a whole number from ${count(min)} to ${count(max)}`,
  );

export const real = (min: number, max: number) =>
  v.custom<number>((x) => lies(x, min, max), `a number from ${min} to ${max}`);

export const flag = v.boolean('true or false');

export const string = (most: number) =>
  v.custom<string>(
    (x) => typeof x === 'string' && x.length > 0 && x.length <= most,
    () => `a text of 1 to ${count(most)} characters`,
  );

export const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `one of ${names.join(', ')}`);

/** The text that the model reads: as much as travels to the inference process from a document too. */
export const modelText = string(windowUnits);

export const list = <const S extends v.GenericSchema<unknown>>(item: S, most: number) =>
  v.pipe(v.array(item, 'a list'), v.maxLength(most, `a list of at most ${most}`));

/** Models send null for what they leave out. */
export const optional = v.nullish;

/** An input with these fields and no others: a misspelt one must not pass for one that is left out. */
export function fields<const E extends v.ObjectEntries>(entries: E) {
  const names = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `left out; the fields are ${names}`;
    return expected === 'Object' ? `an object with the fields ${names}` : 'given';
  });
}

export type InputOf<S extends v.GenericSchema<unknown>> = v.InferOutput<S>;

/** @throws Error naming each wrong field, what was given and what is expected */
export function parseInput<Input>(schema: v.GenericSchema<unknown, Input>, input: unknown): Input {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const wrong = result.issues.map((issue) => {
    const value = issue.path ? issue.path.at(-1)?.value : issue.input;
    const given = value === undefined ? 'missing' : asGiven(value);
    return `${v.getDotPath(issue) ?? 'the input'} is ${given}, but must be ${issue.message}.`;
  });
  throw new Error(`Wrong input: ${wrong.join(' ')}`);
}

function asGiven(input: unknown): string {
  if (typeof input !== 'string') {
    const json = JSON.stringify(input);
    return json.length > givenUnits ? `${json.slice(0, givenUnits).toWellFormed()}…` : json;
  }
  const length = input.length > givenUnits ? ` (${count(input.length)} characters)` : '';
  return `${literal(input)}${length}`;
}

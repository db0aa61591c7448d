/** The strings of the command line → a verb, its options and its text. Pure: it reads and prints nothing. */
import { parseArgs } from 'node:util';
import { isOptionName, type OptionName, type OptionValues, optionOf, options } from './options.ts';
import { UsageError } from './usageError.ts';

export interface VerbSpec {
  options: readonly OptionName[];
  argument: 'text' | 'file' | null;
}

export type ParsedArguments<V extends string> =
  | { kind: 'version' }
  /** `verb` is null for help on all of them. */
  | { kind: 'help'; verb: V | null }
  | {
      kind: 'run';
      verb: V;
      values: OptionValues;
      /** The text or the file's name; null if there is none, and for a text that comes from standard input. */
      text: string | null;
      /** Whether standard input was asked for by name: `-`. */
      dash: boolean;
    };

/** @throws UsageError */
export function parseArguments<V extends string>(
  args: readonly string[],
  verbs: Readonly<Record<V, VerbSpec>>,
): ParsedArguments<V> {
  const { values, positionals } = read(args, verbs);
  if (values.version !== undefined) return { kind: 'version' };
  const verb = chooseVerb(positionals.shift(), verbs, values.help !== undefined);
  if (values.help !== undefined || verb === null) return { kind: 'help', verb };

  const spec = verbs[verb];
  for (const name of Object.keys(values) as OptionName[]) {
    if (!spec.options.includes(name)) throw foreignOption(name, verb, verbs);
  }
  const most = spec.argument === null ? 0 : 1;
  if (positionals.length > most) throw tooMany(positionals, most, verb);
  const [text] = positionals;
  const dash = text?.isDash === true;
  return { kind: 'run', verb, values, text: text === undefined || dash ? null : text.value, dash };
}

interface Positional {
  value: string;
  /** `-` before any `--`. */
  isDash: boolean;
}

/** What is wrong is named in the order in which it was typed: a verb that does not exist before its options. */
function read(
  args: readonly string[],
  verbs: Readonly<Record<string, VerbSpec>>,
): { values: OptionValues; positionals: Positional[] } {
  const types = Object.entries(options).map(([name, { value }]) => [
    name,
    { type: value === null ? 'boolean' : 'string', ...(name === 'help' && { short: 'h' }) } as const,
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: OptionValues = {};
  const positionals: Positional[] = [];
  let terminated = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') terminated = true;
    else if (token.kind === 'positional') {
      if (positionals.length === 0) assertVerb(token.value, verbs);
      positionals.push({ value: token.value, isDash: token.value === '-' && !terminated });
    } else values[knownOption(token, positionals[0]?.value ?? '')] = token.value ?? '';
  }
  return { values, positionals };
}

function knownOption(
  {
    name,
    rawName,
    value,
  }: {
    name: string;
    rawName: string;
    value: string | undefined;
  },
  verb: string,
): OptionName {
  if (!isOptionName(name)) {
    throw new UsageError(
      `There is no option ${rawName}. See --help; a text that begins with - goes after --.`,
    );
  }
  const wanted = optionOf(verb, name).value;
  if (wanted === null && value !== undefined)
    throw new UsageError(`${rawName} takes no value. Leave =${value} out.`);
  if (wanted !== null && value === undefined)
    throw new UsageError(`${rawName} has no value. Write ${rawName} ${wanted}.`);
  return name;
}

function chooseVerb<V extends string>(
  word: Positional | undefined,
  verbs: Readonly<Record<V, VerbSpec>>,
  helpWanted: boolean,
): V | null {
  if (word !== undefined) return word.value as V;
  if (helpWanted) return null;
  throw new UsageError(`No verb was given. Begin with one of ${list(verbs)}.`);
}

function assertVerb(word: string, verbs: Readonly<Record<string, VerbSpec>>): void {
  if (Object.hasOwn(verbs, word)) return;
  throw new UsageError(`There is no verb ${JSON.stringify(word)}. Use one of ${list(verbs)}.`);
}

const list = (verbs: object) => `${Object.keys(verbs).join(', ')}; see --help`;

function foreignOption(
  name: OptionName,
  verb: string,
  verbs: Readonly<Record<string, VerbSpec>>,
): UsageError {
  const owners = Object.keys(verbs).filter((other) => verbs[other]?.options.includes(name));
  return new UsageError(
    `--${name} is not an option of ${verb}, only of ${owners.join(' and ')}. Leave it out.`,
  );
}

function tooMany(positionals: readonly Positional[], most: number, verb: string): UsageError {
  const extra = JSON.stringify(positionals[most]?.value);
  return new UsageError(
    most === 0
      ? `${verb} takes no text. Leave ${extra} out.`
      : `${extra} comes after the text. Put quotes around a text with spaces, and options' values after their options.`,
  );
}

/** What `--help` and `--version` print. */
import { onnxruntimeVersion, whytokenVersion } from '../inference/versions.ts';
import { type OptionName, optionOf } from './options.ts';
import { padEnd } from './terminal/columns.ts';
import { Flow } from './terminal/flow.ts';
import type { Verb } from './verb.ts';
import { type VerbName, verbs } from './verbs.ts';

export const versionText = `whytoken ${whytokenVersion} (ONNX Runtime ${onnxruntimeVersion}, Node ${process.versions.node})\n`;

/** @param width columns of the terminal */
export function helpText(verb: VerbName | null, width: number): string {
  return verb === null ? overview() : verbHelp(verb, width);
}

function overview(): string {
  const list = Object.entries<Verb>(verbs).map(([name, { summary }]) => `  ${padEnd(name, 12)}${summary}`);
  return `whytoken: see which tokens moved a GPT-2's prediction

  whytoken VERB [OPTION …] [TEXT]

${list.join('\n')}

The text is the last argument; without one, or with -, it is read from standard
input, byte for byte. A text that begins with - goes after --.
For the options of a verb: whytoken VERB --help

  whytoken explain 'The capital of France is' --target ' Paris' --foil ' London'
  printf 'def fibonacci(n):' | whytoken generate --temperature 0
  whytoken score --json "$(cat README.md)"

Exit codes: 0; 2 for an input that cannot be used, with one line on standard
error; 1 for our own failures; 130 after Ctrl+C.
`;
}

const lastArgument = { text: ' [TEXT | -]', file: ' [FILE]', none: '' };

function verbHelp(name: VerbName, width: number): string {
  const verb: Verb = verbs[name];
  const rows = [...verb.options, 'help' as const].map(
    (option) => [usage(name, option), optionOf(name, option).help] as const,
  );
  const indent = Math.max(...rows.map(([left]) => left.length)) + 4;
  const lines = rows.map(([left, right]) => padEnd(`  ${left}`, indent) + wrap(right, width, indent));
  return `whytoken ${name}: ${verb.summary}

  whytoken ${name} [OPTION …]${lastArgument[verb.argument ?? 'none']}

${lines.join('\n')}
`;
}

function wrap(text: string, width: number, indent: number): string {
  const flow = new Flow(Math.max(30, width - indent));
  for (const word of text.split(/(?<= )/)) flow.add(word, (line) => line);
  return flow
    .toString()
    .replace(/ +$/gm, '')
    .replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function usage(verb: VerbName, name: OptionName): string {
  const { value } = optionOf(verb, name);
  return value === null ? `--${name}` : `--${name} ${value}`;
}

/** Turns a failure into a line for standard error and an exit code. */
import { asEngineError } from '../inference/failure.ts';
import { EngineError, type ErrorCode, formatText } from '../protocol/errors.ts';
import { shortened, withSigns } from '../protocol/safeText.ts';
import { isOptionName } from './options.ts';
import { OutputError } from './terminal/screen.ts';
import { UsageError } from './usageError.ts';

export const exitCodes = { ok: 0, ours: 1, badInput: 2 } as const;

/** Replaces the sentences of src/protocol/errors.ts that speak of the editor. */
const ownTexts: Partial<Record<ErrorCode, string>> = {
  'text-empty':
    'There is no text to work on. Give one as the last argument or on standard input, or start from nothing with --bos.',
  'text-too-long': 'The text has {length} characters; at most {limit} can be read at once. Give less.',
  'out-of-memory':
    'There is not enough memory: {reason}. Give less text, choose a smaller model or close other programs.',
  'runtime-missing': 'The inference runtime cannot be loaded on {platform}: {reason}. Install it again.',
  internal: 'Something went wrong in Whytoken: {reason}. Please report it, with the lines below.',
};

/** The engine's parameters whose names differ from those of their options. */
const optionOf: Readonly<Record<string, string>> = {
  modelDir: 'model',
  sequences: 'n',
  maxTokens: 'max-tokens',
  topK: 'top-k',
  topP: 'top-p',
  repetitionPenalty: 'repetition-penalty',
  removals: 'removal',
  evaluationSeed: 'seed',
  layers: 'layer',
  heads: 'head',
};

export interface Failure {
  exitCode: number;
  /** For standard error: one line, and for our own mistakes the stack below it. */
  text: string;
}

export function describeFailure(thrown: unknown): Failure {
  if (thrown instanceof UsageError) return { exitCode: exitCodes.badInput, text: line(thrown.message) };
  if (thrown instanceof OutputError) return { exitCode: exitCodes.ours, text: line(thrown.message) };
  const error = asEngineError(thrown);
  const { cause } = error;
  const stack = error.code === 'internal' && cause instanceof Error ? stackLines(cause) : '';
  return {
    exitCode: error.isBadInput ? exitCodes.badInput : exitCodes.ours,
    text: line(sentence(error)) + stack,
  };
}

function sentence({ code, facts, message }: EngineError): string {
  if (code === 'option-invalid') {
    return new EngineError(code, { ...facts, option: optionName(String(facts.option)) }).message;
  }
  const own = ownTexts[code];
  return own === undefined ? message : formatText(own, facts);
}

/** `layers.0` → `--layer`. */
function optionName(parameter: string): string {
  const first = parameter.split('.')[0] as string;
  const option = optionOf[first] ?? first;
  return isOptionName(option) ? `--${option}` : parameter;
}

/** The message of an error that is not ours can hold anything that a model file does. */
function stackLines({ stack = '' }: Error): string {
  const lines = shortened(stack, 4000, 4000).split('\n');
  return lines.map((text) => `${withSigns(text)}\n`).join('');
}

function line(text: string): string {
  return `whytoken: ${withSigns(text)}\n`;
}

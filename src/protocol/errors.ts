/**
 * Named errors. The engine throws a code and its facts. The sentence is made where it is shown: by the extension host
 * through l10n, by the command line in English. Both use {@link errorTexts}.
 */
import { shortened, withSigns } from './safeText.ts';

/**
 * One sentence per code: what is wrong and what to do. `{name}` is filled from the error's facts.
 * These English texts are also the keys of the l10n bundle.
 */
export const errorTexts = {
  // Files of a checkpoint
  'model-folder-missing':
    'The model folder {path} does not exist. Choose a folder with config.json, model.safetensors and a tokenizer.',
  'file-missing':
    '{file} is missing in the model folder {folder}. Download it from the same place as the rest of the checkpoint.',
  'file-unreadable': '{file} cannot be read: {reason}. Check that the file exists and that you may read it.',
  'file-outside-folder': '{file} is a link that leaves the model folder. Copy the file into the folder.',
  'file-too-large':
    '{file} has {bytes} bytes, more than the {limit} that such a file can have. Check that it is the right file.',
  'file-changed':
    '{file} was changed or replaced while it was in use. Run the command again to load the new file.',
  'json-invalid': '{file} is not valid JSON: {reason}. Download it again.',
  'config-invalid':
    '{file}: "{key}" is {value}, but must be {expected}. Correct the value or choose another checkpoint.',
  'config-unsupported':
    '{file}: "{key}": {value} is not supported; supported: {expected}. Choose a GPT-2 checkpoint.',
  'safetensors-invalid': '{file} is not a valid safetensors file: {reason}. Download it again.',
  'tensor-missing':
    '{file}: the tensor "{tensor}" is missing. The checkpoint is incomplete or is not a GPT-2.',
  'tensor-unexpected':
    '{file}: the tensor "{tensor}" does not belong to a GPT-2. Remove it or choose another checkpoint.',
  'tensor-shape':
    '{file}: "{tensor}" has the shape {shape}, but config.json asks for {expected}. The two files do not belong together.',
  'tensor-dtype':
    '{file}: "{tensor}" has the type {dtype}; supported are F32, F16 and BF16. Convert the checkpoint.',
  'tensor-not-finite':
    '{file}: "{tensor}" contains NaN or infinity. The checkpoint is damaged or its training diverged.',
  'scratch-failed':
    '{file} holds half-precision weights, and the {bytes} bytes for unpacking them could not be written to the temporary folder: {reason}. Free some space there, or use a float32 checkpoint.',
  'tokenizer-invalid':
    '{file} is not a usable GPT-2 tokenizer: {reason}. Download it again or choose another checkpoint.',
  // Requests
  'text-empty':
    'There is no text to work on. Select some text, or switch the BOS setting on to start from nothing.',
  'text-too-long': 'The text has {length} characters; at most {limit} can be read at once. Select less.',
  'range-invalid': 'The range {start}–{end} does not lie inside the text. Select the text again.',
  'first-token': 'Nothing comes before the first token that could explain it. Choose a later one.',
  'position-invalid':
    'There is no position {at} to predict: the text has {tokens} tokens. Choose a position from {first} to {tokens}.',
  'position-before-range':
    'Position {at} is before the explained text, which cannot have influenced it. Choose a later position.',
  'token-unknown': 'The model has no token #{id}; its ids go from 0 to {last}.',
  'token-not-single':
    '"{text}" is {count} tokens for this model ({pieces}). Choose a text that is one token, or give an id such as #{first}.',
  'foil-is-target':
    'Target and foil are the same token, so there is nothing to compare. Choose another foil.',
  'foil-needed':
    'The objective "contrast" compares the target with a foil. Choose a foil, or the objective "logit".',
  'option-invalid': '{option} is {value}, but must be {expected}.',
  'goal-reached':
    'There is nothing to search for: the model gives {token} the rank {rank} as it is. Choose another goal.',
  'layers-missing':
    'The method {method} does not tell layers apart. Choose direct-logit or alti-logit in the settings.',
  'export-failed': 'The file could not be written: {reason}. Choose another place.',
  'map-too-large':
    'Attention between all {tokens} tokens would take {bytes} bytes. Select less text (at most {most} tokens for this), or choose fewer layers and heads.',
  'setting-not-written':
    'The setting {setting} could not be written: {reason}. Check that the settings file can be written and has no error.',
  'setting-overruled':
    'The setting {setting} was written, but something else overrules it: look for it in the settings of the folder and the workspace.',
  'result-not-finite':
    'The model computed {value}, which is not a number. Its weights are damaged or overflow.',
  // The process
  'version-mismatch':
    'The extension and its inference process have different versions ({host} and {engine}). Reload the window.',
  'runtime-missing':
    'The inference runtime cannot be loaded on {platform}: {reason}. Install the version of the extension for this platform.',
  'process-exited':
    'The inference process ended ({reason}). It starts again by itself; run the command again.',
  'process-gave-up':
    'The inference process crashed {count} times within {minutes} minutes and was not started again. See the log; restart the engine to try again.',
  'process-unresponsive':
    'The inference process did not answer for {seconds} seconds and was ended. Run the command again.',
  'out-of-memory':
    'There is not enough memory: {reason}. Select less text, choose a smaller model or close other programs.',
  superseded: 'A newer request has replaced this one.',
  cancelled: 'Cancelled.',
  internal: 'Something went wrong in Whytoken: {reason}. See the log, and please report it.',
} as const;

export type ErrorCode = keyof typeof errorTexts;
export type ErrorFacts = Readonly<Record<string, string | number>>;

/** How an error crosses a process boundary. */
export interface EngineErrorData {
  code: ErrorCode;
  facts: ErrorFacts;
}

export class EngineError extends Error implements EngineErrorData {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  /** @param facts of any length and content: they may come from a file that somebody else made */
  constructor(code: ErrorCode, facts: ErrorFacts = {}, options?: ErrorOptions) {
    const shown = shownFacts(facts);
    super(formatText(errorTexts[code], shown), options);
    this.name = 'EngineError';
    this.code = code;
    this.facts = shown;
  }

  /** Whether a person can put it right; false for our own mistakes. */
  get isBadInput(): boolean {
    return !notTheirFault.has(this.code);
  }
}

const notTheirFault: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'version-mismatch',
  'runtime-missing',
  'process-exited',
  'process-gave-up',
  'process-unresponsive',
  'out-of-memory',
  'superseded',
  'cancelled',
  'internal',
]);

/** Facts that repeat what a person wrote or chose. */
const personal: Partial<Record<ErrorCode, readonly string[]>> = {
  'token-not-single': ['text', 'pieces', 'count', 'first'],
  'token-unknown': ['id'],
  'option-invalid': ['value'],
};

/** The error in English for a log, which is a file on the disk: without what a person wrote or chose. */
export function messageForLog({ code, facts }: EngineErrorData): string {
  const left = personal[code] ?? [];
  const kept = Object.entries(facts).map(([name, fact]) => [name, left.includes(name) ? '…' : fact]);
  return formatText(errorTexts[code], Object.fromEntries(kept));
}

/** A path fits, and so does what a reader needs of anything else. */
function shownFacts(facts: ErrorFacts): ErrorFacts {
  const shown = (fact: string | number) =>
    typeof fact === 'string' ? withSigns(shortened(fact, 400, 100)) : fact;
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, shown(fact)]));
}

/** Fills `{name}` from the facts; a fact that is missing stays visible as `{name}`. */
export function formatText(text: string, facts: ErrorFacts): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

export function isEngineErrorData(value: unknown): value is EngineErrorData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(errorTexts, value.code) &&
    'facts' in value &&
    typeof value.facts === 'object' &&
    value.facts !== null
  );
}

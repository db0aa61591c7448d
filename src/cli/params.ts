/** Options as they were typed → the engine's parameters. The bounds are those of src/protocol/params.ts. */
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { validate } from '../inference/serve/validate.ts';
import { editKinds, searchDefaults } from '../protocol/edits.ts';
import type {
  AdversarialParams,
  AttentionParams,
  EvaluateParams,
  EvidenceParams,
  ExplainParams,
  FlipParams,
  GenerateParams,
  ModelText,
  ScoreParams,
  SearchParams,
  TokenChoice,
} from '../protocol/engine.ts';
import { EngineError } from '../protocol/errors.ts';
import {
  type AttributionMethodId,
  attributionMethods,
  describeMethod,
  type MethodOptionValues,
  methodOptionNames,
  methodOptions,
} from '../protocol/methods.ts';

import { rangesOf } from '../protocol/partition.ts';
import type { Explanation } from '../protocol/results.ts';
import { evidenceAsked } from '../text/evidenceAsked.ts';

import type { Example } from './evaluate/example.ts';
import {
  defaultMethods,
  flagOf,
  type MethodFlag,
  methodFlags,
  type OptionName,
  type OptionValues,
} from './options.ts';

import { UsageError } from './usageError.ts';

/** Two folders up from here, in the sources (src/cli) as in the bundle (dist/cli). */
export const bundledModel = fileURLToPath(new URL('../../models/tiny-gpt2', import.meta.url));

/** Alternatives per token of a score. */
const scoreAlternatives = 10;

/** @throws EngineError `option-invalid` or `text-too-long`, as all functions here; also UsageError */
export function explainParams(values: OptionValues, text: string): ExplainParams {
  const { method = 'integrated-gradients', objective = 'contrast', baseline = 'zero' } = values;
  assertOwnOptions(method, values);
  const foil = values.foil ?? (objective === 'contrast' ? null : 'none');
  return validate('explain', {
    ...modelText(values, text),
    range: { start: 0, end: text.length },
    at: values.at === undefined ? { kind: 'end' } : { kind: 'token', index: number(values.at) },
    target: tokenChoice(values.target ?? 'top'),
    foil: foil === null ? { kind: 'competitor' } : foil === 'none' ? { kind: 'none' } : tokenChoice(foil),
    objective,
    baseline,
    ...methodOptionValues(values, attributionMethods.find((id) => id === method) ?? null),
    method,
  });
}

/** How an explanation is measured: by the chosen removal and another one. */
export function evidenceParams(
  params: ExplainParams,
  explanation: Pick<Explanation, 'receipt' | 'tokens'>,
): EvidenceParams {
  return validate('evidence', { ...params, ...evidenceAsked(explanation, 2) });
}

/** Accepted with every method, even if they change nothing, because earlier versions accepted them. */
const forEveryMethod: readonly MethodFlag[] = ['steps', 'tolerance', 'seed'];

/** The method's own options that are typed so. */
const optionsTyped = (flag: MethodFlag, method: AttributionMethodId) =>
  describeMethod(method).options.filter((option) => flagOf(option) === flag);

/** @throws UsageError for an option that the method does not have, which would change nothing */
function assertOwnOptions(method: string, values: OptionValues): void {
  const known = attributionMethods.find((id) => id === method);
  for (const flag of methodFlags) {
    if (!known || values[flag] === undefined || forEveryMethod.includes(flag)) continue;
    const hasIt = (id: AttributionMethodId) => optionsTyped(flag, id).length > 0;
    if (hasIt(known)) continue;
    const owners = attributionMethods.filter(hasIt).join(', ');
    throw new UsageError(
      `--${flag} is not an option of the method ${known}, only of ${owners}. Leave it out.`,
    );
  }
}

/**
 * The values of all methods' options, with defaults for missing ones. All are checked, whichever method is used; only
 * what several options are typed as is the chosen method's own.
 * @throws EngineError `option-invalid`
 */
export function methodOptionValues(
  values: OptionValues,
  method: AttributionMethodId | null,
): MethodOptionValues {
  const entries = methodOptionNames.map((option) => {
    const flag = flagOf(option);
    const own = method === null ? [] : optionsTyped(flag, method);
    const value = own.length === 0 || own.includes(option) ? number(values[flag]) : undefined;
    const parsed = v.safeParse(methodOptions[option].schema, value);
    if (parsed.success) return [option, parsed.output];
    const [{ message: expected }] = parsed.issues;
    throw new EngineError('option-invalid', { option: flag, value: String(value), expected });
  });
  return Object.fromEntries(entries);
}

/**
 * `random` is a row of its own beside the methods.
 * @param index of the example
 * @throws EngineError `option-invalid`
 */
export function evaluateParams(values: OptionValues, example: Example, index: number): EvaluateParams {
  const { text, target, foil, evidence } = example;
  const { objective = 'contrast', baseline = 'zero', methods, removal = 'mask' } = values;
  // Another one for each example: otherwise all random orders and scores would be alike.
  const seed = number(values.seed) ?? 0;
  const list = (given: string) => given.split(',').map((one) => one.trim());
  const named = (one: string) => ({ kind: 'text', text: one });
  const against = foil === undefined ? { kind: 'competitor' } : named(foil);
  return validate('evaluate', {
    ...modelText(values, text),
    ...{ range: { start: 0, end: text.length }, at: { kind: 'end' }, objective, baseline },
    target: target === undefined ? { kind: 'top' } : named(target),
    foil: objective === 'contrast' ? against : { kind: 'none' },
    methods: methods === undefined ? [...defaultMethods] : list(methods),
    removals: list(removal),
    evidence: evidence === undefined ? null : evidence.map(([start, end]) => ({ start, end })),
    evaluationSeed: typeof seed === 'number' ? seed + index : seed,
  });
}

export function scoreParams(values: OptionValues, text: string): ScoreParams {
  return validate('score', {
    ...modelText(values, text),
    range: null,
    top: scoreAlternatives,
    stride: values.stride === 'none' ? null : (number(values.stride) ?? 'auto'),
  });
}

export function generateParams(values: OptionValues, text: string): GenerateParams {
  return validate('generate', {
    ...modelText(values, text),
    sequences: number(values.n) ?? 1,
    maxTokens: number(values['max-tokens']) ?? 40,
    temperature: number(values.temperature) ?? 0.8,
    topK: number(values['top-k']) ?? 40,
    topP: number(values['top-p']) ?? 0.95,
    repetitionPenalty: number(values['repetition-penalty']) ?? 1,
    stop: values.stop === undefined ? [] : [values.stop],
    first: null,
    seed: number(values.seed) ?? 0,
  });
}

export function attentionParams(values: OptionValues, text: string): AttentionParams {
  const only = (value: string | undefined) => (value === undefined ? null : [number(value)]);
  return validate('attention', {
    ...modelText(values, text),
    layers: only(values.layer),
    heads: only(values.head),
  });
}

/** @throws UsageError for ranges that are none, as all of the search's */
export function flipParams(values: OptionValues, text: string): FlipParams {
  const orNull = (value: string | undefined) => (value === undefined ? null : number(value));
  return validate('flip', {
    ...searchParams(values, text),
    maxEdits: number(values['max-edits']) ?? searchDefaults.maxEdits,
    maxDistance: orNull(values['max-distance']),
    perplexityRatio: orNull(values['max-perplexity']),
  });
}

export function adversarialParams(values: OptionValues, text: string): AdversarialParams {
  const worst = number(values.worst) ?? searchDefaults.worst;
  return validate('adversarial', { ...searchParams(values, text), worst });
}

function searchParams(
  values: OptionValues,
  text: string,
): Record<keyof Omit<SearchParams, keyof ModelText>, unknown> & ModelText {
  const { to = 'any', target = 'top', keep, kinds } = values;
  const rank = values['below-rank'];
  if (rank !== undefined && values.to !== undefined && to !== 'any')
    throw new UsageError('--to and --below-rank are two goals. Leave one of them out.');
  const below = { kind: 'below', rank: number(rank), target: tokenChoice(target) };
  const kept = keep === undefined ? [] : rangesOf(keep);
  if (!kept)
    throw new UsageError(
      `--keep ${keep} must be UTF-16 ranges in the order of the text, such as 0-12,20-24.`,
    );
  return {
    ...modelText(values, text),
    range: { start: 0, end: text.length },
    at: values.at === undefined ? { kind: 'end' } : { kind: 'token', index: number(values.at) },
    goal:
      rank !== undefined ? below : to === 'any' ? { kind: 'any' } : { kind: 'to', token: tokenChoice(to) },
    keep: kept,
    kinds: kinds === undefined ? [...editKinds] : kinds.split(',').map((one) => one.trim()),
    wordsOnly: values['words-only'] !== undefined,
    sameForm: values['same-form'] !== undefined,
    budget: number(values.budget) ?? searchDefaults.budget,
    seed: number(values.seed) ?? 0,
  };
}

/** The tokens to be explained, both ends included; null: all. @throws EngineError `option-invalid` */
export function tokenRange(values: OptionValues): { from: number; to: number | null } | null {
  if (values.from === undefined && values.to === undefined) return null;
  const from = values.from === undefined ? 0 : tokenIndex('from', values.from, 0);
  return { from, to: values.to === undefined ? null : tokenIndex('to', values.to, from) };
}

function tokenIndex(option: OptionName, value: string, least: number): number {
  const index = number(value);
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= least) return index;
  throw new EngineError('option-invalid', { option, value, expected: `${least} or more` });
}

function modelText(values: OptionValues, text: string): ModelText {
  return { modelDir: values.model ?? bundledModel, text, bos: values.bos !== undefined };
}

/** `#` and digits is an id, `top` the model's own choice, anything else a token's text. */
function tokenChoice(value: string): TokenChoice {
  if (value === 'top') return { kind: 'top' };
  if (/^#\d+$/.test(value)) return { kind: 'id', id: Number(value.slice(1)) };
  return { kind: 'text', text: value };
}

/** What is not a number is passed on as it is: the validation then names it and says what it must be. */
function number(value: string | undefined): number | string | undefined {
  if (value === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return value;
  return Number(value);
}

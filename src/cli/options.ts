/** Every option of every verb: its name, what its value is called, and what it does. */
import { editKinds, searchDefaults } from '../protocol/edits.ts';
import { limits } from '../protocol/limits.ts';
import {
  attributionMethods,
  estimators,
  type MethodOptionName,
  masksByDefault,
  methodOptionNames,
  methodOptions,
  removals,
} from '../protocol/methods.ts';
import { baselines, objectives } from '../protocol/objectives.ts';
import { segmentations } from '../protocol/partition.ts';

/** What `evaluate` compares unless it is told. */
export const defaultMethods: readonly string[] = [
  ...['integrated-gradients', 'alti-logit', 'direct-logit', 'occlusion', 'input-x-gradient'],
  ...['attention-x-gradient', 'attention', 'random'],
];

export const suiteNames = ['agreement', 'induction', 'brackets', 'ioi'] as const;

export interface OptionSpec {
  /** What the help calls its value; null: a switch. */
  value: string | null;
  help: string;
}

/** Options of methods that are typed as another one: no method has both. */
const typedAs = { masks: 'samples', baselines: 'samples' } as const satisfies Partial<
  Record<MethodOptionName, MethodOptionName>
>;

/** An option of methods as it is typed. */
export type MethodFlag = Exclude<MethodOptionName, keyof typeof typedAs>;

const isTypedAsAnother = (option: MethodOptionName): option is keyof typeof typedAs =>
  Object.hasOwn(typedAs, option);

export const flagOf = (option: MethodOptionName): MethodFlag =>
  isTypedAsAnother(option) ? typedAs[option] : option;

export const methodFlags = methodOptionNames.filter(
  (option): option is MethodFlag => !isTypedAsAnother(option),
);

const masksInWords = Object.entries(masksByDefault)
  .map(([method, masks]) => `${masks} of ${method}`)
  .join(', ');

/** Help for the options of the methods; the default is added, or what is told instead. */
const ofMethods: Readonly<Record<MethodFlag, OptionSpec & { value: string; fallback?: string }>> = {
  steps: {
    value: 'N|auto',
    help: `steps of a path method, at most ${limits.steps}; auto: as many as needed`,
  },
  tolerance: {
    value: 'X',
    help: 'with --steps auto: the tolerated |δ| as a fraction of |f(x) − f(x′)|; sampled Shapley values: the tolerated standard error as a fraction of the largest |score|',
  },
  removal: {
    value: 'NAME',
    help: `how a token is removed by occlusion and the methods of masks: ${removals.join(' | ')}`,
  },
  segments: {
    value: 'NAME|FILE',
    help: `what is a segment: ${segmentations.join(' | ')}, or a file with a JSON list of UTF-16 ranges, [[0, 12], [12, 30]]`,
  },
  estimator: { value: 'NAME', help: `of Shapley values: ${estimators.join(' | ')}` },
  samples: {
    value: 'N',
    help: `SmoothGrad: how many noisy copies are averaged, 2 to ${limits.samples}, default: ${methodOptions.samples.fallback}; expected gradients: how many texts the model writes as baselines, 8 to ${limits.samples}, default: ${methodOptions.baselines.fallback}; methods of masks: how many sets of tokens are removed, for Shapley values at most, 1 to ${limits.masks}`,
    fallback: `auto (${masksInWords})`,
  },
  sigma: {
    value: 'X',
    help: 'SmoothGrad: standard deviation of the noise as a fraction of the root mean square of the explained embeddings, at most 1',
  },
  seed: { value: 'N', help: 'the same seed gives the same result' },
};

const methodOptionSpecs = Object.fromEntries(
  methodFlags.map((name) => {
    const { value, help, fallback = methodOptions[name].fallback } = ofMethods[name];
    return [name, { value, help: `${help}; default: ${fallback}` }];
  }),
) as Record<MethodFlag, OptionSpec>;

export const options = {
  model: {
    value: 'DIR',
    help: 'a Hugging Face folder of a GPT-2; default: the small model that comes with whytoken',
  },
  bos: { value: null, help: 'put <|endoftext|> in front of the text' },
  json: { value: null, help: 'print one JSON object and nothing else' },

  method: { value: 'NAME', help: `${attributionMethods.join(' | ')}; default: integrated-gradients` },
  target: { value: 'TEXT|#ID|top', help: 'the token to explain; default: top, the most probable one' },
  foil: {
    value: 'TEXT|#ID|top|none',
    help: 'for contrast: one token, or a text of several, that the target is compared with; top: the most probable other token; default: the most probable one that is no single letter and has a hundredth of the target’s probability, and without one the log-probability is explained',
  },
  at: { value: 'N', help: 'explain the prediction of token N; default: of the token after the text' },
  from: { value: 'N', help: 'the first token that is explained, earlier ones are context; default: 0' },
  to: { value: 'N', help: 'the last token that is explained; default: the last' },
  objective: { value: 'NAME', help: `${objectives.join(' | ')}; default: contrast` },
  baseline: { value: 'NAME', help: `${baselines.join(' | ')}; default: zero` },
  ...methodOptionSpecs,
  evidence: {
    value: null,
    help: 'measure how far the explanation can be believed on this text: by two ways of removing tokens, between chance and the best',
  },
  stride: {
    value: 'N|auto|none',
    help: 'read a text longer than the context in windows that begin N tokens apart, auto: half of the context, none: only its end; default: auto',
  },
  words: {
    value: null,
    help: 'also tell how expected each word was, corrected for where words end: a word is what white space bounds',
  },
  suite: { value: 'NAME', help: `examples that come with whytoken: ${suiteNames.join(' | ')}` },
  methods: {
    value: 'A,B,…',
    help: `the methods that are compared, each with its default options, and random; default: ${defaultMethods.join()}`,
  },
  results: {
    value: 'FILE',
    help: 'keep what was evaluated in a file, example by example, and go on from there after a stop',
  },
  csv: { value: null, help: 'print the means as CSV' },
  markdown: { value: null, help: 'print the tables as Markdown, as without it' },
  layer: { value: 'N', help: 'one layer only, from 0; default: all' },
  head: { value: 'N', help: 'one head only, from 0; default: all' },

  n: { value: 'N', help: `how many continuations, at most ${limits.sequences}; default: 1` },
  'max-tokens': {
    value: 'N',
    help: `tokens of each continuation, at most ${limits.generatedTokens}; default: 40`,
  },
  temperature: { value: 'X', help: '0: always the most probable token; default: 0.8' },
  'top-k': { value: 'N', help: 'draw from the N most probable tokens only, 0: from all; default: 40' },
  'top-p': { value: 'X', help: 'draw from the most probable tokens that add up to X; default: 0.95' },
  'repetition-penalty': {
    value: 'X',
    help: 'above 1: make tokens that occurred before less probable; default: 1, which changes nothing',
  },
  stop: { value: 'TEXT', help: 'end before this text; default: none' },

  'below-rank': {
    value: 'N',
    help: 'instead of another first token: the target is to fall below rank N',
  },
  keep: {
    value: 'RANGES',
    help: 'UTF-16 ranges of the text that stay as they are, such as 0-12,20-24',
  },
  'words-only': { value: null, help: 'only whole words are replaced, put in or left out' },
  'same-form': {
    value: null,
    help: 'what takes a token’s place begins with a space if that one does, and has its case',
  },
  kinds: { value: 'A,B,…', help: `which edits are tried: ${editKinds.join(' | ')}; default: all` },
  budget: {
    value: 'N',
    help: `the most evaluations: edited texts that are read, and gradients; default: ${searchDefaults.budget}`,
  },
  'max-edits': {
    value: 'N',
    help: `the most edits at once, at most ${limits.edits}; default: ${searchDefaults.maxEdits}`,
  },
  'max-distance': {
    value: 'N',
    help: 'the most characters that are put in, left out or replaced; default: any number',
  },
  'max-perplexity': {
    value: 'X',
    help: 'the most that the edited text’s perplexity may be as a multiple of the text’s; default: anything',
  },
  test: {
    value: null,
    help: 'an adversarial test instead: how many single edits of each kind change the prediction, with the worst ones',
  },
  worst: {
    value: 'N',
    help: `with --test: how many of the worst edits are listed; default: ${searchDefaults.worst}`,
  },
  pairs: {
    value: null,
    help: 'with --test: print the worst edits as JSON lines, the text and the edited text in each, for adversarial training',
  },

  help: { value: null, help: 'show how a verb is used' },
  version: { value: null, help: 'show the version' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof options;

/** Options that mean something else with one verb. */
const ofVerbs: Readonly<Record<string, Partial<Record<OptionName, OptionSpec>>>> = {
  flip: {
    to: {
      value: 'TEXT|#ID|any',
      help: 'the token that is to come first; default: any, another one than now',
    },
    target: {
      value: 'TEXT|#ID|top',
      help: 'with --below-rank: the token that is to fall; default: top, the most probable one',
    },
    at: { value: 'N', help: 'change the prediction of token N; default: of the token after the text' },
  },
};

export const optionOf = (verb: string, name: OptionName): OptionSpec =>
  ofVerbs[verb]?.[name] ?? options[name];

/** What was given, as it was typed; a switch is the empty string. */
export type OptionValues = Partial<Record<OptionName, string>>;

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

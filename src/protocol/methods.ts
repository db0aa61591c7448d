/**
 * What every attribution method is, in one list: what it claims, what it asks of f, and which options it has. The
 * request's schema, the receipt, the settings, the command line's options, the tools and the legends follow from it.
 * How a method computes is in src/inference/attribution; its name is with whoever shows it, found by its id.
 */
import * as v from 'valibot';
import { limits } from './limits.ts';
import type { Objective } from './objectives.ts';
import { segmentation } from './partition.ts';
import { anyIndex, integer, integerOrAuto, oneOf, real } from './values.ts';

/** @param setting the editor's setting, without `whytoken.`; null if there is none and the default is used */
const option = <T, const S extends string | null>(
  schema: v.GenericSchema<unknown, T>,
  fallback: NoInfer<T>,
  setting: S,
) => ({ schema: v.optional(schema, fallback as never), fallback: fallback as T, setting });

/**
 * How tokens are removed from f. `baseline`: their embeddings are replaced by the baseline's. `mask`: no other token
 * attends to them, and all keep their positions. `delete`: the text is tokenised again without them. `refill`: the
 * model draws others in their places, each from all that comes before it, at temperature 1 from the whole vocabulary; f
 * is the mean over 5 drawn texts, with its standard error.
 */
export const removals = ['baseline', 'mask', 'delete', 'refill'] as const;
export type Removal = (typeof removals)[number];

/** How many texts `refill` draws for each set of removed tokens. */
export const refillSamples = 5;

/**
 * How Shapley values are estimated. `exact`: all coalitions; `permutation`: random orders, each also backwards; `kernel`:
 * a regression over random coalitions, in pairs of complements; `owen`: orders in which lines, and in them words, stay
 * together; `auto`: exact for few tokens, else permutation.
 */
export const estimators = ['auto', 'exact', 'permutation', 'kernel', 'owen'] as const;
export type Estimator = (typeof estimators)[number];

/** How many players all coalitions are enumerated for: with `auto`, and at most. */
export const exactPlayers = { auto: 10, most: 16 } as const;

/** What `auto` is for the option `masks`. */
export const masksByDefault = { shapley: 2_048, lime: 1_000, segments: 64 } as const;

/** Options by name. An option means the same in every method that has it, with the same bounds and default. */
export const methodOptions = {
  /** A fixed number of path evaluations, or `auto`: as many as the tolerance needs. */
  steps: option(integerOrAuto(limits.steps), 'auto', 'steps'),
  /**
   * The tolerated error, as a fraction. Of a path method with `auto` steps |δ|, of |f(x) − f(x′)|; of a sampled
   * method the largest standard error, of the largest |score|.
   */
  tolerance: option(real(0, 1), 0.01, 'tolerance'),
  /** How a token is removed. Only `refill` draws at random and has a standard error. */
  removal: option(oneOf(removals), 'baseline', 'removal'),
  /** How Shapley values are estimated. */
  estimator: option(oneOf(estimators), 'auto', 'shapley.estimator'),
  /** What is taken as a whole: sentences, lines, items, or ranges of the text. */
  segments: option(segmentation, 'sentences', 'segments'),
  /** At how many sets of removed tokens f is evaluated; a method that stops by itself may need fewer. */
  masks: option(integerOrAuto(limits.masks), 'auto', 'masks'),
  /** How many drawn baselines the mean is over. */
  baselines: option(integer(8, limits.samples), 8, 'expectedGradients.baselines'),
  /** How many noisy copies the mean is over. The standard error needs at least two. */
  samples: option(integer(2, limits.samples), 16, 'smoothgrad.samples'),
  /** Standard deviation of the noise, as a fraction of the root mean square of the explained embeddings. */
  sigma: option(real(0, 1), 0.1, 'smoothgrad.sigma'),
  /** The same seed gives the same result. */
  seed: option(anyIndex, 0, null),
} as const;

export type MethodOptionName = keyof typeof methodOptions;
export const methodOptionNames = Object.keys(methodOptions) as MethodOptionName[];

/** A value for every option of every method. */
export type MethodOptionValues = { [N in MethodOptionName]: (typeof methodOptions)[N]['fallback'] };

/**
 * What f can be asked for: its values, its gradients, its multipliers between x and x′, f without some tokens, baselines
 * drawn from the model, what the parts of the model wrote directly to it, and how each layer moved what it read from token
 * to token. Each names a function of `ExplainedFunction`. Not every f has all of them: an engine might have no gradients.
 */
export type Capability = 'values' | 'gradients' | 'multipliers' | 'without' | 'refill' | 'writes' | 'routes';

interface MethodDescriptor {
  /** Whether its scores have a sign. The gradient norm only says how strong an effect is, not in which direction. */
  signed: boolean;
  /** Whether Σ scores should equal f(x) − f(x′) (completeness). δ is the difference. */
  complete: boolean;
  /**
   * Whether it draws random numbers, always or with some of its options. It then has the option `seed` and gives
   * standard errors.
   */
  stochastic: boolean | 'by option';
  /** Whether f has to be linear in the logits of single tokens: a contrast with one token, or a logit. */
  linear: boolean;
  needs: readonly Capability[];
  /**
   * How many baselines x′ replace the tokens. `one`: the request's. `many`: drawn from the model, and f(x′) is the mean
   * over them. `none`: f(x′) is what the method itself leaves of f.
   */
  baseline: 'none' | 'one' | 'many';
  options: readonly MethodOptionName[];
  /** How many evaluations of f it takes for so many tokens, for counting progress; null: not known beforehand. */
  evaluations(options: MethodOptionValues, tokens: number): number | null;
}

/** f(x) and f(x′). */
const ends = 2;

const gradientMethods = {
  'gradient-norm': {
    ...{ signed: false, complete: false, stochastic: false, linear: false },
    needs: ['values', 'gradients'],
    baseline: 'one',
    options: [],
    evaluations: () => ends,
  },
  'input-x-gradient': {
    ...{ signed: true, complete: false, stochastic: false, linear: false },
    needs: ['values', 'gradients'],
    baseline: 'one',
    options: [],
    evaluations: () => ends,
  },
  'integrated-gradients': {
    ...{ signed: true, complete: true, stochastic: false, linear: false },
    needs: ['values', 'gradients'],
    baseline: 'one',
    options: ['steps', 'tolerance'],
    evaluations: ({ steps }) => (steps === 'auto' ? null : steps + ends),
  },
} as const satisfies Readonly<Record<string, MethodDescriptor>>;

/** Follows weights through the layers. They do not sum up to anything that f says. */
const routed = {
  ...{ signed: false, complete: false, stochastic: false, linear: false },
  needs: ['values', 'routes'],
  baseline: 'one',
  options: [],
  evaluations: () => ends,
} as const satisfies MethodDescriptor;

/**
 * The mean of a method over noisy copies. It does not claim completeness, as its scores sum up to a mean of f over
 * these copies.
 */
const smoothed = <const D extends MethodDescriptor>(method: D) =>
  ({
    ...method,
    complete: false,
    stochastic: true,
    options: [...method.options, 'samples', 'sigma', 'seed'] as const,
    evaluations(options: MethodOptionValues, tokens: number) {
      const ofOne = method.evaluations(options, tokens);
      // f(x′) is the same for every copy; f(x) is computed for x itself.
      return ofOne === null ? null : options.samples * (ofOne - 1) + ends;
    },
  }) as Omit<D, 'options'> & {
    options: readonly (D['options'][number] | 'samples' | 'sigma' | 'seed')[];
  };

export const methodDescriptors = {
  ...gradientMethods,
  'expected-gradients': {
    ...{ signed: true, complete: true, stochastic: true, linear: false },
    needs: ['values', 'gradients', 'refill'],
    baseline: 'many',
    options: ['steps', 'tolerance', 'baselines', 'seed'],
    evaluations: ({ steps, baselines }) => (steps === 'auto' ? null : baselines * (steps + 1) + 1),
  },
  'sequential-integrated-gradients': {
    ...{ signed: true, complete: false, stochastic: false, linear: false },
    needs: ['values', 'gradients'],
    baseline: 'one',
    options: ['steps', 'tolerance'],
    evaluations: ({ steps }, tokens) => (steps === 'auto' ? null : steps * tokens + ends),
  },
  deeplift: {
    ...{ signed: true, complete: true, stochastic: false, linear: false },
    needs: ['multipliers'],
    baseline: 'one',
    options: [],
    evaluations: () => ends,
  },
  occlusion: {
    ...{ signed: true, complete: false, stochastic: 'by option', linear: false },
    needs: ['without'],
    baseline: 'one',
    options: ['removal', 'seed'],
    evaluations: ({ removal }, tokens) =>
      removal === 'refill' ? 1 + refillSamples * (tokens + 1) : tokens + ends,
  },
  shapley: {
    ...{ signed: true, complete: true, stochastic: 'by option', linear: false },
    needs: ['without'],
    baseline: 'one',
    options: ['estimator', 'removal', 'masks', 'tolerance', 'seed'],
    evaluations({ estimator, removal }, tokens) {
      const isExact = estimator === 'auto' ? tokens <= exactPlayers.auto : estimator === 'exact';
      if (!isExact && tokens > 1) return null;
      return 1 + (removal === 'refill' ? refillSamples : 1) * (2 ** tokens - 1);
    },
  },
  lime: {
    ...{ signed: true, complete: false, stochastic: true, linear: false },
    needs: ['without'],
    baseline: 'one',
    options: ['removal', 'masks', 'seed'],
    // Equal masks are evaluated once.
    evaluations: () => null,
  },
  segments: {
    ...{ signed: true, complete: false, stochastic: 'by option', linear: false },
    needs: ['without'],
    baseline: 'one',
    options: ['segments', 'removal', 'masks', 'seed'],
    evaluations: () => null,
  },
  'direct-logit': {
    ...{ signed: true, complete: true, stochastic: false, linear: true },
    needs: ['writes'],
    baseline: 'none',
    options: [],
    evaluations: () => 1,
  },
  'alti-logit': {
    ...{ signed: true, complete: true, stochastic: false, linear: true },
    needs: ['writes', 'routes'],
    baseline: 'none',
    options: [],
    evaluations: () => 1,
  },
  attention: routed,
  rollout: routed,
  'attention-x-gradient': { ...routed, linear: true },
  // It evaluates parts of the model for each token and layer.
  'value-zeroing': { ...routed, evaluations: () => null },
  'smoothgrad:gradient-norm': smoothed(gradientMethods['gradient-norm']),
  'smoothgrad:input-x-gradient': smoothed(gradientMethods['input-x-gradient']),
  'smoothgrad:integrated-gradients': smoothed(gradientMethods['integrated-gradients']),
} as const satisfies Readonly<Record<string, MethodDescriptor>>;

export type AttributionMethodId = keyof typeof methodDescriptors;
export const attributionMethods = Object.keys(methodDescriptors) as AttributionMethodId[];

/** What is explained of a target that nothing is held against. */
export const objectiveAlone = (method: AttributionMethodId): Objective =>
  describeMethod(method).linear ? 'logit' : 'log-prob';

/** The descriptor of any method. */
export const describeMethod = (method: AttributionMethodId): MethodDescriptor => methodDescriptors[method];

export const isSigned = (method: AttributionMethodId): boolean => methodDescriptors[method].signed;

/** The options of one method. */
export type OptionsOf<M extends AttributionMethodId> = Pick<
  MethodOptionValues,
  (typeof methodDescriptors)[M]['options'][number]
>;

/** A method with its own options only. */
export type MethodChoice = {
  [M in AttributionMethodId]: { method: M } & OptionsOf<M>;
}[AttributionMethodId];

const choiceOf = (method: AttributionMethodId) =>
  v.object({
    method: v.literal(method),
    ...Object.fromEntries(
      describeMethod(method).options.map((name) => [name, methodOptions[name].schema] as const),
    ),
  });

/** Missing options get their defaults; those of other methods are dropped. */
export const methodChoice = v.variant(
  'method',
  attributionMethods.map(choiceOf),
  attributionMethods.join(' | '),
) as unknown as v.GenericSchema<unknown, MethodChoice>;

export const methodId = oneOf(attributionMethods);

/**
 * Takes a method's own options from what is given (a receipt or all settings, for example), and defaults for the rest.
 * @throws v.ValiError if an option has an impossible value
 */
export const chooseMethod = (method: AttributionMethodId, given: object = {}): MethodChoice =>
  v.parse(methodChoice, { ...given, method });

/** How many evaluations of f the method takes for so many tokens; null if that is not known beforehand. */
export const evaluationsOf = (choice: MethodChoice, tokens: number): number | null =>
  // It only looks at the method's own options.
  describeMethod(choice.method).evaluations(choice as unknown as MethodOptionValues, tokens);

/** The method's own options with their values, in the order of its descriptor. */
export const chosenOptions = (choice: MethodChoice): [name: MethodOptionName, value: string | number][] => {
  const values = choice as Partial<MethodOptionValues>;
  return describeMethod(choice.method).options.map((name) => [name, values[name] as string | number]);
};

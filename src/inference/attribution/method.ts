/**
 * What an attribution method sees, and what it must give. A method knows nothing of GPT-2, onnxruntime or tokens: it
 * asks a function for values and gradients at points. To add one, see CONTRIBUTING.md.
 */
import type {
  AttributionMethodId,
  Capability,
  methodDescriptors,
  OptionsOf,
  Removal,
} from '../../protocol/methods.ts';
import type { Partition } from '../../protocol/partition.ts';

/**
 * A point in the space of the explained embeddings: x with its rows from `from` on replaced by `rows`,
 * `[count − from, width]`. Leave out leading rows that equal x's: their keys and values are known, which saves work.
 */
export interface Point {
  from: number;
  rows: Float32Array;
}

export interface Evaluation {
  value: number;
  /** ∂f/∂(row) for the point's own rows, `[count − from, width]`. */
  gradient: Float32Array;
}

/** Where f, the scalar that is explained, lives: the token embeddings of the explained tokens. */
export interface Domain {
  readonly count: number;
  readonly width: number;
  /** The tokens' own embeddings x and the baseline's x′, `[count, width]` each. */
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  /**
   * Where the tokens are those of a text: of each token the number of the part that it is in, ascending from 0; −1 where
   * it is in none.
   */
  parts?(partition: Partition): readonly number[];
}

/**
 * What can be asked of f. The work is done in slices, in order; cancellation and progress happen between slices. Each
 * rejects with EngineError `cancelled` or `result-not-finite`.
 */
export interface Capabilities {
  /** f at each point. Costs half as much as its gradient. */
  values(points: readonly Point[]): Promise<number[]>;
  /** f at each point, and its gradient there. */
  gradients(points: readonly Point[]): Promise<Evaluation[]>;
  /**
   * f without each of the given sets of explained tokens. A set may be empty (the value is then f(x)) or contain all of
   * them. A set's value does not depend on the other sets. Ask for many sets in one call: they are evaluated together.
   */
  without(sets: readonly TokenSet[], options: RemovalOptions): Promise<Remainder[]>;
  /**
   * x′ drawn from the model: embeddings of tokens that it writes in place of all explained ones, one after the other, each
   * given all that comes before it; `[count, width]`. The same sample and seed give the same; samples are independent.
   */
  refill(sample: number, seed: number): Promise<Float32Array>;
  /** DeepLIFT's multipliers of f between x and x′, with f at both: Σ multipliers · (x − x′) is f(x) − f(x′). */
  multipliers(): Promise<Multipliers>;
  /** What each part of the model wrote directly to f. Only where f is the sum of these writes. */
  writes(): Promise<Writes>;
  /** How each layer moved what it read from place to place. Only for the text that was read, not for an edited one. */
  routes(kind: RouteKind): Promise<Routes>;
}

/** Capabilities that not every f has. */
type Optional = 'multipliers' | 'writes' | 'routes' | 'refill';

/** Indices of explained tokens, in any order. */
export type TokenSet = readonly number[];

export interface RemovalOptions {
  removal: Removal;
  /** Seed of the random numbers. Only `refill` draws any. */
  seed: number;
}

export interface Remainder {
  /** f, or its mean over the samples. */
  value: number;
  /** Standard error of that mean; null where nothing is sampled. */
  standardError: number | null;
}

/** f with all that can be asked of it. */
export type ExplainedFunction = Domain & Omit<Capabilities, Optional> & Partial<Pick<Capabilities, Optional>>;

/** f with these capabilities only. */
export type FunctionWith<C extends Capability> = Domain & Pick<Capabilities, C>;

/** f as a method sees it: with the capabilities that the method's descriptor names. */
export type FunctionFor<M extends AttributionMethodId> = FunctionWith<
  (typeof methodDescriptors)[M]['needs'][number]
>;

/** Where the explained tokens are among all that is read up to the predicting token, which has the last place. */
export interface Places {
  places: number;
  /** The place of the first explained token. */
  first: number;
}

/** f(x) as a sum over parts of the model, in the order in which they write, and over all places. */
export interface Writes extends Places {
  rows: number;
  /** `[row, place]`. */
  contributions: Float32Array;
  /** `[layer, head]`: the attention layers' rows once more, each split by head in place of by place. */
  heads: Float32Array;
  /** The part of f(x) that belongs to no place. */
  rest: number;
  /** f(x) as the model computes it, not as this sum. */
  value: number;
}

/**
 * What the weight of a source for a query is. `attention`: after the softmax, the mean over the heads. `products`: the
 * mean over the heads of (A ⊙ ∂f/∂A)⁺. `mixing`: how much nearer it brings the query's stream after the attention to
 * what that stream becomes (ALTI). `zeroing`: how far the layer's output moves without the source's value.
 */
export type RouteKind = 'attention' | 'products' | 'mixing' | 'zeroing';

export interface Routes extends Places {
  layers: number;
  /**
   * `[query, source]`, lower triangular. Layers are cheapest in descending order.
   * @param firstQuery the queries before it are not computed: their rows are 0
   */
  at(layer: number, firstQuery: number): Promise<Float32Array>;
}

export interface Layers {
  rows: number;
  /** `[row, token]`, of the explained tokens. */
  contributions: Float32Array;
}

/**
 * f(x) as a sum over the parts of the model, whatever tokens they read: embedding + Σ heads + Σ MLPs + biases. Each is
 * the part's whole output along the direction of f, the last layer norm's deviation held.
 */
export interface Components {
  embedding: number;
  /** `[layer, head]`, without the output projections' biases. */
  heads: Float32Array;
  /** `[layer]`, with their biases. */
  mlps: Float32Array;
  /** Of the attentions' output projections and of the last layer norm. */
  biases: number;
}

/** f at both ends of the path that is explained: f(x) and f(x′). */
export interface Ends {
  value: number;
  baselineValue: number;
}

export interface Multipliers extends Ends {
  /** `[count, width]`. */
  multipliers: Float32Array;
}

export interface Attribution extends Ends {
  /** Per explained token, unnormalised. */
  scores: Float64Array;
  /**
   * Only where the method draws random numbers: the standard error of each score, which is then a mean over samples.
   */
  standardErrors?: Float64Array;
  /** Only where the method tells layers apart: each column sums to the token's score. */
  layers?: Layers;
  /** Only where the method tells the parts of the model apart. */
  components?: Components;
  /**
   * Only where the method explains groups of tokens: each one's score, which its tokens share evenly. A token in none of
   * them has no score of its own.
   */
  segments?: readonly Segment[];
  /** Whether the scores sum up to f(x) − f(x′), where this depends on what is explained; else the descriptor tells. */
  complete?: boolean;
  /** Only where the scores are those of a model of f that is additive over what is there. */
  fit?: Fit;
}

/** Tokens in a row that are taken as a whole. */
export interface Segment {
  first: number;
  count: number;
  score: number;
  standardError?: number;
}

/** How well an additive model tells f of masked texts. */
export interface Fit {
  /** `r2`: R² over the masks that it was fitted to, weighted as they were; `lds`: rank correlation over other masks. */
  measure: 'r2' | 'lds';
  /** Null where f is the same for all these masks. */
  value: number | null;
  /** How many masks this is over. */
  masks: number;
}

/**
 * @param ends null as long as they are not known: the first scores do not wait for them
 * @param standardErrors as in {@link Attribution}; missing as long as nothing is known of them
 * @param segments as in {@link Attribution}
 */
export type Refine = (
  scores: Float64Array,
  ends: Ends | null,
  standardErrors?: Float64Array,
  segments?: readonly Segment[],
) => void;

/**
 * How a method computes; what it claims is in its descriptor (src/protocol/methods.ts).
 * @param options the method's own options, as requested
 * @param refine takes better and better scores on the way to the result, with the ends as soon as they are known
 */
export type AttributionMethod<M extends AttributionMethodId> = (
  f: FunctionFor<M>,
  options: OptionsOf<M>,
  refine: Refine,
) => Promise<Attribution>;

/** δ = Σ scores − (f(x) − f(x′)) (Sundararajan et al. 2017, proposition 1). */
export function completenessError({ scores, value, baselineValue }: Attribution): number {
  return scores.reduce((total, score) => total + score, 0) - (value - baselineValue);
}

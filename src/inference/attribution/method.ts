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

/**
 * A point in the space of the explained embeddings: x with its rows from `from` on replaced by `rows`,
 * `[count − from, width]`. Rows that equal those of x are best left out: their keys and values are known.
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
}

/**
 * What can be asked of f. The work is done in slices, in order; cancellation and progress happen between slices. Each ends
 * in EngineError `cancelled` or `result-not-finite` where it does not succeed.
 */
export interface Capabilities {
  /** f at each point: half of the work of its gradient. */
  values(points: readonly Point[]): Promise<number[]>;
  /** f at each point, and its gradient there. */
  gradients(points: readonly Point[]): Promise<Evaluation[]>;
  /**
   * f without each of some sets of explained tokens, which may be empty or all of them. The same set has the same value
   * whatever else is asked for, and the empty one f(x). For many sets ask once: they are evaluated together.
   */
  without(sets: readonly TokenSet[], options: RemovalOptions): Promise<Remainder[]>;
  /** What parts of the model wrote straight to f, where f is a sum of that. */
  writes(): Promise<Writes>;
}

/** Indices of explained tokens, in any order. */
export type TokenSet = readonly number[];

export interface RemovalOptions {
  removal: Removal;
  /** Of what is drawn: `refill` alone draws. */
  seed: number;
}

export interface Remainder {
  /** f, or its mean over what was drawn. */
  value: number;
  /** Of that mean; null where nothing is drawn. */
  standardError: number | null;
}

/** Only an f of the right form can tell what was written to it. */
export type ExplainedFunction = Domain & Omit<Capabilities, 'writes'> & Partial<Pick<Capabilities, 'writes'>>;

/** f as far as it can be asked for these. */
export type FunctionWith<C extends Capability> = Domain & Pick<Capabilities, C>;

/** f as a method sees it: what its descriptor names, and no more. */
export type FunctionFor<M extends AttributionMethodId> = FunctionWith<
  (typeof methodDescriptors)[M]['needs'][number]
>;

/** f(x) as a sum over parts of the model, in the order in which they write, and over the explained tokens. */
export interface Writes extends Layers {
  /** What belongs to no explained token. */
  rest: number;
  /** f(x), not by this sum. */
  value: number;
}

export interface Layers {
  rows: number;
  /** `[row, token]`, of the explained tokens. */
  contributions: Float32Array;
}

/** f at the ends of the way that is explained: f(x) and f(x′). */
export interface Ends {
  value: number;
  baselineValue: number;
}

export interface Attribution extends Ends {
  /** Per explained token, unnormalised. */
  scores: Float64Array;
  /** Where the method draws random numbers: of each score, the mean over what was drawn. */
  standardErrors?: Float64Array;
  /** Where the method tells layers apart: each column sums to the token's score. */
  layers?: Layers;
}

/**
 * @param ends null as long as they have not been asked for: the first scores do not wait for them
 * @param standardErrors as those of an {@link Attribution}, as soon as something is known of them
 */
export type Refine = (
  scores: Float64Array,
  ends: Ends | null,
  standardErrors?: Float64Array,
) => Promise<void>;

/**
 * How a method computes; what it claims is in its descriptor (src/protocol/methods.ts).
 * @param options its own, as they were asked for
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

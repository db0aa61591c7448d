/**
 * What an attribution method sees, and what it must give. A method knows nothing of GPT-2, onnxruntime or tokens: it
 * asks a function for values and gradients at points. To add one, see CONTRIBUTING.md.
 */
import type { AttributionMethodId, OptionsOf } from '../../protocol/methods.ts';

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
  /** ∂f/∂(row) for the point's own rows, `[count − from, width]`; empty unless asked for. */
  gradient: Float32Array;
}

/** f, the scalar that is explained, over the token embeddings `[count, width]` of the explained tokens. */
export interface ExplainedFunction {
  readonly count: number;
  readonly width: number;
  /** The tokens' own embeddings x and the baseline's x′, `[count, width]` each. */
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  /**
   * Evaluates points in slices, in order; cancellation and progress happen between slices.
   * @throws EngineError `cancelled`, `result-not-finite`
   */
  evaluate(points: readonly Point[], options: { gradient: boolean }): Promise<Evaluation[]>;
  /**
   * What parts of the model wrote straight to f, where f is a sum of that. Cancellation happens between parts.
   * @throws EngineError `cancelled`, `result-not-finite`
   */
  writes?(): Promise<Writes>;
}

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
  f: ExplainedFunction,
  options: OptionsOf<M>,
  refine: Refine,
) => Promise<Attribution>;

/** δ = Σ scores − (f(x) − f(x′)) (Sundararajan et al. 2017, proposition 1). */
export function completenessError({ scores, value, baselineValue }: Attribution): number {
  return scores.reduce((total, score) => total + score, 0) - (value - baselineValue);
}

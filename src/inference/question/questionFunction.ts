/** f with all that can be asked of it. */
import type { ExplainedFunction } from '../attribution/method.ts';
import type { EditedText } from './editedText.ts';
import type { Surroundings } from './removal/operator.ts';

/** Which tokens are explained, as places in what is read. */
export interface Explained {
  first: number;
  /** At most: none after the token that predicts. */
  count: number;
}

/** What may be known of a text besides. */
export interface KnownOfText {
  /** After the token that predicts, `[V]`: f can tell then what was written straight to it. */
  logits?: Float32Array;
  surroundings?: Surroundings;
}

export interface QuestionFunction extends ExplainedFunction {
  /** Evaluations so far, those of edited texts included. */
  readonly evaluations: number;
  /**
   * f of other texts: of the same target, foil and objective, predicted after the last token of each. What a text begins
   * with and the question's own text does too is not computed again. Texts of one length are evaluated together, in slices,
   * as points are: for many small edits ask once.
   * @returns one value a text, in the order of the texts
   * @throws EngineError `cancelled`, `result-not-finite`, `token-unknown`
   * @throws RangeError for a text that is empty or does not fit into the context, or hides what it does not have
   */
  valuesOf(texts: readonly EditedText[]): Promise<number[]>;
  /**
   * f about one edited text, to be explained in its turn: points in it, gradients there, values of further edits. It
   * shares what was read and the memory of this one, and is released with it.
   * @throws as {@link valuesOf}
   */
  about(text: EditedText, explained: Explained): QuestionFunction;
  /** Gives memory back, which further evaluations would make anew. */
  release(): void;
}

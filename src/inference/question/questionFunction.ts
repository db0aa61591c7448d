/** f with all that can be asked of it. */
import type { Domain, ExplainedFunction, RemovalOptions, TokenSet } from '../attribution/method.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { EditedText } from './editedText.ts';
import type { Surroundings } from './removal/operator.ts';
import type { InputSurprisal } from './surprisal.ts';

/** Which tokens are explained, as indices into the ids that are read. */
export interface Explained {
  first: number;
  /** The most: none after the predicting token is explained. */
  count: number;
}

/** What else may be known of a text. */
export interface KnownOfText {
  /** The logits after the predicting token, `[V]`: f then offers `writes`. */
  logits?: Float32Array;
  surroundings?: Surroundings;
  /** How the explained tokens are divided. */
  parts?: Domain['parts'];
  /** The streams of the whole text: f then offers `routes`. */
  streams?: StreamRows;
}

export interface QuestionFunction extends ExplainedFunction {
  /** Evaluations so far, those of edited texts included. */
  readonly evaluations: number;
  /**
   * f of other texts: with the same target, foil and objective, predicted after the last token of each. A beginning
   * shared with the question's own text is not computed again. Texts of one length are evaluated together, so ask for
   * many edits in one call.
   * @returns one value per text, in the order of the texts
   * @throws EngineError `cancelled`, `result-not-finite`, `token-unknown`
   * @throws RangeError for a text that is empty or does not fit into the context, or hides a token that it does not
   * have
   */
  valuesOf(texts: readonly EditedText[]): Promise<number[]>;
  /**
   * f of one edited text, which can be explained like the first: with points, gradients and further edits. It uses this
   * one's sequence and memory and is released with it.
   * @throws as {@link valuesOf}
   */
  about(text: EditedText, explained: Explained): QuestionFunction;
  /**
   * How expected is what is left of the text behind the first of the removed tokens: one for every set, or drawn text,
   * for which anything is. Only where f is about a single next token.
   */
  surprisals?(sets: readonly TokenSet[], options: RemovalOptions): Promise<InputSurprisal[]>;
  /** The surprisal of each token that is read but the first, in nats. */
  surprisalsOfText?(): Promise<number[]>;
  /** Frees memory. Further evaluations allocate it again. */
  release(): void;
}

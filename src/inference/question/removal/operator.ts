/** What operators that remove tokens are given, and what they give. Each operator is a file beside this one. */
import type { Domain, Point, TokenSet } from '../../attribution/method.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import type { Sequence } from '../../gpt2/sequence.ts';
import type { Run } from '../../run.ts';
import type { EditedText } from '../editedText.ts';

/** What an operator is given. */
export interface Subject {
  model: Gpt2;
  /** The sequence that was read. */
  sequence: Sequence;
  run: Run;
  /** The explained tokens' embeddings. */
  domain: Domain;
  /** What f is about, and where the explained tokens begin in it. */
  text: EditedText;
  first: number;
  /** The most ids that an edited text may have. */
  room: number;
  surroundings: Surroundings;
}

/** The text before and after the ids, where these are part of a longer text. */
export interface Surroundings {
  before: string;
  after: string;
}

/** What f is evaluated at when some tokens are removed. */
export type Replacement = Point | EditedText;

/**
 * Takes sets of explained tokens, none empty, each in ascending order. Gives for each set the inputs at which f is
 * evaluated; the value is their mean. An operator that runs the model itself works in slices and can be cancelled.
 */
export type Operator = (sets: readonly TokenSet[]) => Promise<readonly (readonly Replacement[])[]>;

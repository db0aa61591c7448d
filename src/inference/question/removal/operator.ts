/** What removes tokens: one file beside this one each. */
import type { Domain, Point, TokenSet } from '../../attribution/method.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import type { Sequence } from '../../gpt2/sequence.ts';
import type { Run } from '../../run.ts';
import type { EditedText } from '../editedText.ts';

/** What an operator is given. */
export interface Subject {
  model: Gpt2;
  /** That was read. */
  sequence: Sequence;
  run: Run;
  /** The explained tokens' embeddings. */
  domain: Domain;
  /** What f is about, and where the explained tokens begin in it. */
  text: EditedText;
  first: number;
  /** The most ids that may be read in their place. */
  room: number;
  surroundings: Surroundings;
}

/** The text that the ids were cut out of: what stands before them and after them there. */
export interface Surroundings {
  before: string;
  after: string;
}

/** What f is evaluated at where some tokens are removed. */
export type Replacement = Point | EditedText;

/**
 * Takes sets of explained tokens, none empty, each in ascending order, and gives for each what f is evaluated at: its mean is
 * the value. Slices and cancellation are its own affair where it asks the model for something.
 */
export type Operator = (sets: readonly TokenSet[]) => Promise<readonly (readonly Replacement[])[]>;

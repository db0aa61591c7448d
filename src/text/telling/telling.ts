import { Numbers } from '../numbers.ts';
import type { NamedToken } from '../pieceNames.ts';

/** Puts values into the places {0}, {1} … of an English text, or of its translation. */
export type Say = (text: string, ...values: (string | number)[]) => string;

/**
 * The language of sentences about results, and how a token is shown. The sentences are plain text, which must be
 * escaped where it is shown. Every text that is given to `say` is a key of the l10n bundle.
 */
export interface Telling {
  say: Say;
  numbers: Numbers;
  /** A token, marked off from the words around it. */
  quote(token: NamedToken): string;
}

/** One line of a list of facts. The same id is the same fact in every language. */
export interface ToldFact<Id extends string = string> {
  id: Id;
  name: string;
  value: string;
}

/** For the command line and for language models. */
export function inEnglish(quote: Telling['quote']): Telling {
  return { say: filled, numbers: new Numbers('en'), quote };
}

/** A placeholder without a value is left unchanged. */
function filled(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}

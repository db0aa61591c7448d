/** Texts that f is evaluated at instead of the one that was read. */
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { checkId } from './choice.ts';
import type { Input } from './evaluator.ts';

/** A text with tokens replaced, inserted, removed or hidden. It is read exactly as it is here. */
export interface EditedText {
  /** All that is read, BOS included; the last one predicts the target. */
  ids: readonly number[];
  /**
   * Places in `ids` that no other token attends to; every token keeps its position. A hidden token still sees itself:
   * if the predicting one is hidden, it predicts from itself and from what is not hidden.
   */
  hidden?: readonly number[];
}

/** wte's rows, `[ids.length, C]`. */
export function embeddingsOf({ checkpoint }: Gpt2, ids: readonly number[]): Float32Array {
  return checkpoint.weights.rows('wte.weight', ids);
}

/**
 * How many of the first tokens have the keys and values that the sequence has read. Never all of them: the last one is
 * computed.
 */
export function knownOf({ ids, hidden = [] }: EditedText, sequence: Sequence): number {
  // The first hidden token itself is unchanged: only those after it no longer see it.
  const seen = hidden.reduce((least, place) => Math.min(least, place + 1), ids.length - 1);
  return Math.min(seen, sequence.sharedWith(ids), ids.length - 1);
}

/**
 * @param room the most tokens that it may have
 * @throws EngineError `token-unknown`
 * @throws RangeError for a text without tokens or with too many, or a hidden place outside of it
 */
export function checkText(model: Gpt2, { ids, hidden = [] }: EditedText, room: number): void {
  if (ids.length === 0 || ids.length > room) {
    throw new RangeError(`${ids.length} tokens, expected 1 … ${room}`);
  }
  for (const id of ids) checkId(model, id);
  for (const place of hidden) {
    if (!Number.isInteger(place) || place < 0 || place >= ids.length)
      throw new RangeError(`no token ${place}`);
  }
}

export function textInput(model: Gpt2, text: EditedText, sequence: Sequence): Input {
  const { ids, hidden = [] } = text;
  const { width } = model.config;
  return {
    length: ids.length,
    known: knownOf(text, sequence),
    hidden,
    own: { first: 0, end: 0 },
    embeddingsFrom(from) {
      const rows = embeddingsOf(model, ids.slice(from));
      return (place) => rows.subarray((place - from) * width, (place - from + 1) * width);
    },
  };
}

/**
 * Inputs that can be evaluated together: of one length, all with hidden tokens or all without. Every input of a batch
 * computes as much as the one with the most, so those with much to compute come first and share batches.
 */
export function sortedGroups(inputs: readonly Input[]): { input: Input; index: number }[][] {
  const numbered = inputs.map((input, index) => ({ input, index }));
  const groups = Map.groupBy(numbered, ({ input }) => `${input.length} ${input.hidden.length > 0}`);
  return [...groups.values()].map((group) => group.sort((a, b) => a.input.known - b.input.known));
}

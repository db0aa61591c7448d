/** Texts that f is asked about in the place of the one that was read. */
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { checkId } from './choice.ts';
import type { Input } from './evaluator.ts';

/** Tokens may be replaced, put in, left out or hidden: it is read as it stands here. */
export interface EditedText {
  /** All that is read, BOS included; the last one predicts the target. */
  ids: readonly number[];
  /**
   * Places in `ids` that no other token attends to; every token keeps its position. A hidden token still sees itself, so
   * the predicting one goes on predicting from itself and from what is not hidden.
   */
  hidden?: readonly number[];
}

/** wte's rows, `[ids.length, C]`. */
export function embeddingsOf({ checkpoint }: Gpt2, ids: readonly number[]): Float32Array {
  return checkpoint.weights.rows('wte.weight', ids);
}

/** How many of the first tokens are as the sequence has read them, and saw what they saw there: at least one is not. */
export function knownOf({ ids, hidden = [] }: EditedText, sequence: Sequence): number {
  // The first hidden token itself sees what it saw; those after it do not see it.
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
 * Those that can be evaluated together: of one length, with hidden tokens or without. In each, those that have most to
 * compute come first, so that no other one has to compute as much.
 */
export function sortedGroups(inputs: readonly Input[]): { input: Input; index: number }[][] {
  const numbered = inputs.map((input, index) => ({ input, index }));
  const groups = Map.groupBy(numbered, ({ input }) => `${input.length} ${input.hidden.length > 0}`);
  return [...groups.values()].map((group) => group.sort((a, b) => a.input.known - b.input.known));
}

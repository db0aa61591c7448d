/** One window of a text, as it is read and scored. */
import type { ModelText } from '../../protocol/engine.ts';
import type { TokenScore } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { predictions } from '../gpt2/predictions.ts';
import { spanOf } from '../question/reading.ts';
import type { Run } from '../run.ts';
import type { EncodedToken } from '../tokens.ts';
import type { Window } from './windows.ts';

export interface Passage {
  /** All that is read. The last scored token is read only `withNext`, when what follows it is predicted. */
  ids: number[];
  /** The index of the first id whose residual is needed. */
  needed: number;
  scored: EncodedToken[];
  /** The index in `ids` that the first scored token has, or would have. */
  first: number;
  /** Tokens of the text before the first scored one. */
  context: number;
  /** Whether the prediction after the passage is asked for, too. */
  withNext: boolean;
}

export function passageOf(
  { tokenizer }: Gpt2,
  { bos }: ModelText,
  tokens: readonly EncodedToken[],
  { begin, end, first }: Window,
  withNext: boolean,
): Passage {
  const read = tokens.slice(begin, withNext ? end : end - 1);
  const lead = bos ? [tokenizer.endOfText] : [];
  const context = first - begin;
  return {
    ids: [...lead, ...read.map(({ id }) => id)],
    needed: Math.max(0, lead.length + context - 1),
    scored: tokens.slice(first, end),
    first: lead.length + context,
    context,
    withNext,
  };
}

/**
 * The scores of a passage, slice by slice.
 * @param residual the stream before ln_f of the ids from `start` on, `[ids.length − start, C]`
 */
export async function* scoresOf(
  model: Gpt2,
  { scored, first, context }: Passage,
  { start, residual }: { start: number; residual: Float32Array },
  top: number,
  run: Run,
): AsyncGenerator<TokenScore[]> {
  // Nothing comes before the first id, so nothing predicts it.
  const unpredicted = first === 0 ? scored.slice(0, 1) : [];
  const predicted = scored.slice(unpredicted.length);
  if (unpredicted.length > 0) {
    const nothing = { logProb: null, rank: null, entropy: null, wordEnd: null, top: [] };
    yield unpredicted.map((token) => ({ ...spanOf(model, token), ...nothing, context }));
  }
  const rows = residual.subarray((first + unpredicted.length - 1 - start) * model.config.width);
  const next = predicted.map(({ id }) => id);
  let done = unpredicted.length;
  for await (const slice of predictions(model, rows, next, top, run)) {
    const from = done;
    done += slice.length;
    yield slice.map((prediction, k) => ({
      ...spanOf(model, scored[from + k] as EncodedToken),
      ...prediction,
      context: context + from + k,
    }));
  }
}

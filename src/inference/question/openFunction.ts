/** f for callers that have ids and no text. */
import type { Baseline, Objective } from '../../protocol/results.ts';
import type { Domain } from '../attribution/method.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { baselineRow } from './baseline.ts';
import { Evaluator } from './evaluator.ts';
import { Gpt2Function } from './explainedFunction.ts';
import { PhraseContrast, phraseTerms } from './phraseContrast.ts';
import type { QuestionFunction } from './questionFunction.ts';
import type { Surroundings } from './removal/operator.ts';

export interface AskedOfIds {
  /** All that is read, BOS included; the last one predicts the target. */
  ids: readonly number[];
  /** The explained tokens: at most `count` of them, from `first` on. */
  first: number;
  count: number;
  target: number;
  /** Empty unless the objective is a contrast. Several tokens are compared with the target by log-probability. */
  foil: readonly number[];
  objective: Objective;
  baseline: Baseline;
  /** The text around the ids, if they are part of a longer text. */
  surroundings?: Surroundings;
  /** The logits after `ids`, `[V]`, if they are known: f then offers `writes`. */
  logits?: Float32Array;
  /** How the explained tokens are divided, if they are those of a text. */
  parts?: Domain['parts'];
  /** The streams of `ids`, if they are known: f then offers `routes`. */
  streams?: StreamRows;
}

/**
 * Reads those of the ids that the sequence has not read, then a foil of several tokens except for its last. f uses the
 * sequence until it is released.
 * @param onEvaluated is told the number of evaluations so far
 * @throws EngineError `cancelled`
 */
export async function openFunction(
  model: Gpt2,
  sequence: Sequence,
  { ids, first, count, target, foil, objective, baseline, ...known }: AskedOfIds,
  run: Run,
  onEvaluated: (evaluations: number) => void = () => {},
): Promise<QuestionFunction> {
  const all = [...ids, ...foil.slice(0, -1)];
  await sequence.read(all.slice(sequence.length), run);
  const row = baselineRow(model, baseline);
  if (foil.length > 1) {
    const terms = phraseTerms(model, sequence, target, foil, run, onEvaluated);
    return new PhraseContrast(terms, { ids }, { first, count }, row, known);
  }
  const evaluator = new Evaluator(
    model,
    sequence,
    { target, foil: foil[0] ?? null, objective },
    run,
    onEvaluated,
  );
  return new Gpt2Function(evaluator, { ids }, { first, count }, row, known);
}

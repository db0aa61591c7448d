/** f of a sequence of ids: for whoever has ids and no text. */
import type { Baseline, Objective } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { baselineRow } from './baseline.ts';
import { Evaluator } from './evaluator.ts';
import { Gpt2Function } from './explainedFunction.ts';
import { PhraseContrast, phraseTerms } from './phraseContrast.ts';
import type { QuestionFunction } from './questionFunction.ts';
import type { Surroundings } from './removal/operator.ts';

export interface AskedOfIds {
  /** What is read, BOS included: the last of them predicts the target. */
  ids: readonly number[];
  /** The explained ones: from `first` on, at most `count`. */
  first: number;
  count: number;
  target: number;
  /** Only a contrast has one; several tokens are held against the target by their log-probabilities. */
  foil: readonly number[];
  objective: Objective;
  baseline: Baseline;
  /** Where the ids are part of a longer text: what stands around them there. */
  surroundings?: Surroundings;
  /** `[V]`, as reading `ids` gave them, where they are known: f can tell then what was written straight to it. */
  logits?: Float32Array;
}

/**
 * Reads what the sequence has not read yet of the ids, and of a foil of several tokens all but the last. The sequence
 * belongs to f as long as f is used; f is to be released afterwards.
 * @param onEvaluated takes the number of evaluations so far
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

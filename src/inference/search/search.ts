/** A prediction whose text is searched for edits: what it is, what is wanted, and what reads and judges edited texts. */
import type { Progress, SearchParams } from '../../protocol/engine.ts';
import type { Said } from '../../protocol/results.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { type ExplainedPrediction, locate } from '../question/position.ts';
import { reportReading } from '../question/reading.ts';
import { asideFor, inWholeCharacters } from '../question/wholeCharacters.ts';
import type { Run } from '../run.ts';
import { Candidates } from './candidates.ts';
import { EditableText, type EditedReading } from './editableText.ts';
import { type FirstOrder, firstOrderOf } from './firstOrder.ts';
import { type Goal, neededTop, type Outcome, outcomeOf, resolveGoal } from './goal.ts';
import { Judge } from './judge.ts';

/** An edited text, and what the model says after it. */
export interface State {
  reading: EditedReading;
  outcome: Outcome;
}

export interface Search {
  model: Gpt2;
  sequence: Sequence;
  run: Run;
  goal: Goal;
  text: EditableText;
  /** The text as it is. */
  start: State;
  before: Said;
  candidates: Candidates;
  judge: Judge;
  /** One gradient. */
  firstOrder(state: State): Promise<FirstOrder>;
}

/**
 * Calls `work` once the text has been read.
 * @param onEvaluated is told the number of evaluations so far
 * @throws EngineError `text-empty`, `first-token`, `position-invalid`, `position-before-range`, `token-unknown`,
 * `token-not-single`, `option-invalid`, `goal-reached`, `cancelled`, and what `work` throws
 */
export async function withSearch<P, R>(
  model: Gpt2,
  params: SearchParams & { maxDistance?: number | null },
  run: Run<Progress<P>>,
  work: (search: Search & { located: ExplainedPrediction }) => Promise<R>,
  onEvaluated: (evaluations: number) => void,
): Promise<R> {
  const located = locate(model, params, model.config.contextLength);
  const { reading, actual } = located;
  const { ids } = reading;
  return model.memory.readings.use(ids, ids.length - 1, async (sequence) => {
    const residual = await sequence.read(ids.slice(sequence.length), run, {
      onSlice: reportReading(run, ids.length),
    });
    const last = residual.subarray(-model.config.width);
    const needed = neededTop({
      kind: 'below',
      token: 0,
      rank: params.goal.kind === 'below' ? params.goal.rank : 1,
    });
    const distribution = await distributionAt(model, last, needed, run);
    const goal = resolveGoal(model, params.goal, actual?.id ?? null, distribution);
    const outcome = outcomeOf(goal, distribution);
    const before = await saidOf(model, sequence, goal, outcome, run);
    const text = new EditableText(model, params, located);
    const constraints = { ...params, maxDistance: params.maxDistance ?? null };
    const candidates = new Candidates(model, text, constraints, goal.token);
    const judge = new Judge(model, sequence, goal, run, onEvaluated);
    // The text itself can be read: it was.
    const start = { reading: text.read([])!, outcome };
    const firstOrder = (state: State) => {
      judge.count();
      return firstOrderOf(model, sequence, state.reading, { goal, outcome: state.outcome }, run);
    };
    try {
      return await work({
        ...{ model, sequence, run, located, goal, text, start, before, candidates, judge, firstOrder },
      });
    } finally {
      judge.release();
    }
  });
}

/** The plain reading of an edited text, as if somebody asked what comes after it. */
export function confirmed(
  model: Gpt2,
  ids: readonly number[],
  goal: Goal,
  run: Run,
): Promise<{ outcome: Outcome; after: Said }> {
  return model.memory.readings.use(ids, ids.length - 1, async (sequence) => {
    const residual = await sequence.read(ids.slice(sequence.length), run);
    const last = residual.subarray(-model.config.width);
    const outcome = outcomeOf(goal, await distributionAt(model, last, neededTop(goal), run));
    return { outcome, after: await saidOf(model, sequence, goal, outcome, run) };
  });
}

export function briefly(model: Gpt2, { token }: Goal, { next, rank, probability }: Outcome): Said {
  return { next, token: { ...model.tokenizer.shown(token), probability, rank } };
}

/** With parts of characters named by what they would become. */
async function saidOf(
  model: Gpt2,
  sequence: Sequence,
  goal: Goal,
  outcome: Outcome,
  run: Run,
): Promise<Said> {
  const said = briefly(model, goal, outcome);
  const aside = asideFor(sequence, said.next);
  return { ...said, next: await inWholeCharacters(model, aside, said.next, run) };
}

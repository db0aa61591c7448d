/** What an edit is to bring about, as a number: how far the model is from it. */
import type { Goal as GoalAsked } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Alternative } from '../../protocol/results.ts';
import { tokenName } from '../../text/pieceNames.ts';
import type { Distribution } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { chooseTarget } from '../question/choice.ts';

/**
 * Logits that are nearer than this are a tie: the same text, read in another batch, may have them the other way round.
 */
export const leastLead = 1e-3;

/** How many of the most probable tokens are told. */
export const toldNext = 10;

export type Goal =
  | { kind: 'any' | 'to'; token: number }
  /** The token's rank is to be larger than this. */
  | { kind: 'below'; token: number; rank: number };

/** What is known of the distribution after a text. */
export interface Outcome {
  /**
   * By how much the goal is reached, in logits: of its token before the most probable other one, or for tokens that are
   * pushed down, of the last token that has to come before it. Negative where it is not.
   */
  lead: number;
  /** Of the goal's token. */
  rank: number;
  probability: number;
  /** The most probable first. */
  next: Alternative[];
}

export const isReached = ({ lead }: Pick<Outcome, 'lead'>) => lead > leastLead;

/**
 * @param actual the token that stands at the position; null after the text
 * @throws EngineError `goal-reached`, and as {@link chooseTarget}
 */
export function resolveGoal(
  model: Gpt2,
  asked: GoalAsked,
  actual: number | null,
  distribution: Distribution,
): Goal {
  const named = asked.kind === 'to' ? asked.token : asked.kind === 'below' ? asked.target : null;
  const token = chooseTarget(model, named ?? { kind: 'top' }, actual, distribution);
  const goal: Goal =
    asked.kind === 'below' ? { kind: 'below', token, rank: asked.rank } : { kind: asked.kind, token };
  const rank = distribution.rank(token);
  const isSo = goal.kind === 'to' ? rank === 1 : goal.kind === 'below' && rank > goal.rank;
  if (isSo) throw new EngineError('goal-reached', { token: tokenName(model.tokenizer.shown(token)), rank });
  return goal;
}

/** How many of the most probable tokens have to be known for {@link leadOf}. */
export const neededTop = (goal: Goal) => Math.max(toldNext, (goal.kind === 'below' ? goal.rank : 1) + 1);

/**
 * @param logit of the goal's token
 * @param top the most probable tokens, as many as {@link neededTop} says or all
 */
export function leadOf(goal: Goal, logit: number, top: readonly { id: number; logit: number }[]): number {
  const others = top.filter(({ id }) => id !== goal.token);
  if (goal.kind === 'to') return logit - (others[0]?.logit ?? Number.NEGATIVE_INFINITY);
  const last = others[(goal.kind === 'below' ? goal.rank : 1) - 1];
  // A rank that is not in the vocabulary is never reached.
  return last ? last.logit - logit : Number.NEGATIVE_INFINITY;
}

export function outcomeOf(goal: Goal, { logits, probability, rank, top }: Distribution): Outcome {
  const lead = leadOf(goal, logits[goal.token] as number, top);
  const next = top.slice(0, toldNext);
  return { lead, rank: rank(goal.token), probability: probability(goal.token), next };
}

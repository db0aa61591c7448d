import { editKinds, searchDefaults } from '../../protocol/edits.ts';
import type { AdversarialParams, FlipParams, Goal, SearchParams } from '../../protocol/engine.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { Bounds, GoalChoice } from './goalPick.ts';

/** What is looked for in an explained text, about the same prediction. */
export function flipParams(
  explained: ExplainedText,
  { goal, bounds }: GoalChoice,
  budget: number,
): FlipParams {
  const { maxEdits } = searchDefaults;
  const search = searchParams(explained, goal, bounds, budget);
  return { ...search, maxEdits, maxDistance: null, perplexityRatio: null };
}

export function adversarialParams(explained: ExplainedText): AdversarialParams {
  const free = { wordsOnly: false, sameForm: false, keepLast: false };
  const { budget, worst } = searchDefaults;
  return { ...searchParams(explained, { kind: 'any' }, free, budget), worst };
}

function searchParams(
  { params, explanation }: ExplainedText,
  goal: Goal,
  { wordsOnly, sameForm, keepLast }: Bounds,
  budget: number,
): SearchParams {
  const { modelDir, text, bos, range, at } = params;
  const end = explanation?.target.span?.start ?? text.length;
  const keep = keepLast ? [lastWord(text, end)] : [];
  const kinds = [...editKinds];
  return { modelDir, text, bos, range, at, goal, keep, kinds, wordsOnly, sameForm, budget, seed: 0 };
}

/** With the white space in front of it, and what stands behind it. */
function lastWord(text: string, end: number): { start: number; end: number } {
  const [word] = /\s*[\p{L}\p{M}\p{N}]*[^\p{L}\p{N}]*$/u.exec(text.slice(0, end))!;
  return { start: end - word.length, end };
}

/** The smallest edit of a text that changes what the model says after it. */
import type { FlipParams, Progress } from '../../protocol/engine.ts';
import type { Flipped, PartialFlip } from '../../protocol/results.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import { strangeShare } from '../evaluation/outOfDistribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { askedOf } from '../search/asked.ts';
import { searchEdits } from '../search/beam.ts';
import { distanceOf } from '../search/edits.ts';
import { isReached } from '../search/goal.ts';
import { Perplexities } from '../search/perplexity.ts';
import { briefly, confirmed, type State, withSearch } from '../search/search.ts';

/**
 * Partial: the best so far. What cannot be found within the budget is told as not found, with what came closest.
 * @throws EngineError as `explain`, and `goal-reached`
 */
export async function flip(
  model: Gpt2,
  params: FlipParams,
  run: Run<Progress<PartialFlip>>,
): Promise<Flipped> {
  const receipts = receiptsOf(model, run);
  const { budget, maxEdits, maxDistance, perplexityRatio: mostUnlike, seed } = params;
  const onEvaluated = (done: number) => run.report({ stage: 'evaluating', done, total: budget });
  const searched = await withSearch(
    model,
    params,
    run,
    async (search) => {
      const { judge, sequence, start, text, goal, before, located } = search;
      const perplexities = new Perplexities(model, sequence, start.reading.ids, run);
      try {
        const isAllowed = async ({ reading }: State) => {
          if (mostUnlike === null) return true;
          if (judge.evaluations >= budget) return false;
          judge.count();
          return ((await perplexities.of(reading.ids)).ratio ?? 0) <= mostUnlike;
        };
        const tell = ({ reading, outcome }: State): PartialFlip => ({
          found: isReached(outcome),
          text: text.textWith(reading.edits),
          edits: [...reading.edits],
          before,
          after: briefly(model, goal, outcome),
          evaluations: judge.evaluations,
        });
        const { best, reachedAfter } = await searchEdits(search, params, isAllowed, (state) => {
          const partial = tell(state);
          run.report({ stage: 'evaluating', done: judge.evaluations, total: budget, partial });
        });
        const { edits, ids } = best.reading;
        const isEdited = edits.length > 0;
        const likeness = isEdited ? await perplexities.of(ids) : null;
        const unusual = likeness && isUnusual(likeness.changed, await perplexities.ownSurprisals(), seed);
        const told = tell(best);
        const about = askedOf(params, search, located);
        return {
          told,
          goal,
          ids,
          about,
          unusual,
          ratio: likeness?.ratio ?? null,
          dropped: located.reading.dropped,
          reachedAfter,
        };
      } finally {
        perplexities.release();
      }
    },
    onEvaluated,
  );
  const { told, goal, ids, about, unusual, ratio, dropped, reachedAfter } = searched;
  const { outcome, after } = await confirmed(model, ids, goal, run);
  const limits = { maxEdits, maxDistance, perplexityRatio: mostUnlike };
  return {
    receipt: { ...(await receipts.final(params, dropped)), ...about, ...limits },
    ...told,
    ...{ found: told.found && isReached(outcome), after },
    ...{ distance: distanceOf(told.edits), reachedAfter, perplexityRatio: ratio, unusual },
  };
}

function isUnusual(changed: readonly number[], own: readonly number[], seed: number): boolean | null {
  if (changed.length === 0) return null;
  const sum = changed.reduce((all, one) => all + one, 0);
  const share = strangeShare([{ sum, count: changed.length }], own, uniformNumbers(seed));
  return share && share.share > 0;
}

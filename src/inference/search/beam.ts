/** Beam search for the fewest edits that reach the goal, and of those for the one that changes least. */
import type { FlipParams } from '../../protocol/engine.ts';
import type { Candidate } from './candidates.ts';
import { distanceOf } from './edits.ts';
import { isReached } from './goal.ts';
import { minimal } from './minimal.ts';
import { proposals } from './proposals.ts';
import type { Search, State } from './search.ts';

/** How many edited texts are edited further. */
const beamWidth = 5;
/** Edited texts that are read at once, at first: the goal is often reached by one of the first. Then twice as many … */
const firstBatch = 1;
const largestBatch = 16;
/** How many that change less are still tried once the goal has been reached. */
const smallerTried = 32;

export type Limits = Pick<FlipParams, 'budget' | 'maxEdits'>;

/**
 * @param isAllowed whether an edited text that reaches the goal is acceptable
 * @param onBest is told the best so far: one that reaches the goal, else what came closest
 * @returns the best, which does not reach the goal with any one of its edits undone, and after how many evaluations the
 * goal was reached first
 */
export async function searchEdits(
  search: Search,
  { budget, maxEdits }: Limits,
  isAllowed: (state: State) => Promise<boolean>,
  onBest: (best: State) => void,
): Promise<{ best: State; reachedAfter: number | null }> {
  const { candidates, judge, start } = search;
  let reachedAfter: number | null = null;
  let closest = start;
  let beam: State[] = [start];
  for (let depth = 1; depth <= maxEdits && beam.length > 0; depth++) {
    // Undoing edits one by one is paid for beforehand.
    const end = budget - provingCost(depth);
    const share = Math.floor((end - judge.evaluations) / (maxEdits - depth + 1) / beam.length) - 1;
    const tried: State[] = [];
    let smallest: State | null = null;
    for (const state of beam) {
      if (share < 1) break;
      const order = await search.firstOrder(state);
      const rest = proposals(candidates, state, order, share);
      for (const batch of batches(rest, () => smallest)) {
        const outcomes = await judge.judge(batch.map(({ reading }) => reading.ids));
        const states = batch.map(({ reading }, index) => ({ reading, outcome: outcomes[index]! }));
        tried.push(...states);
        for (const one of states) {
          const isBetter = isReached(one.outcome)
            ? (smallest === null || isSmaller(one, smallest)) && (await isAllowed(one))
            : false;
          if (isBetter) smallest = one;
          if (smallest) reachedAfter ??= judge.evaluations;
          if (one.outcome.lead > closest.outcome.lead && !isReached(one.outcome)) closest = one;
        }
        onBest(smallest ?? closest);
      }
      if (smallest) break;
    }
    if (smallest) return { best: await minimal(search, smallest), reachedAfter };
    // What reaches the goal, but was not allowed, leads nowhere.
    beam = tried
      .filter(({ outcome }) => !isReached(outcome))
      .sort((a, b) => b.outcome.lead - a.outcome.lead)
      .slice(0, beamWidth);
  }
  return { best: closest, reachedAfter };
}

/** Of proving that all of so many edits are needed: a single one is. */
const provingCost = (edits: number) => (edits === 1 ? 0 : (edits * (edits + 1)) / 2);

export function isSmaller(one: State, other: State): boolean {
  const [a, b] = [distanceOf(one.reading.edits), distanceOf(other.reading.edits)];
  return a < b || (a === b && one.outcome.lead > other.outcome.lead);
}

/** Once the goal has been reached only what changes less, and not much of it. */
function* batches(rest: Generator<Candidate>, smallest: () => State | null): Generator<Candidate[]> {
  let batch: Candidate[] = [];
  let size = firstBatch;
  let left = smallerTried;
  for (const candidate of rest) {
    const best = smallest();
    if (best && candidate.distance >= distanceOf(best.reading.edits)) continue;
    if (best && left-- === 0) break;
    batch.push(candidate);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
    size = Math.min(2 * size, largestBatch);
  }
  const best = smallest();
  const still = best ? batch.filter(({ distance }) => distance < distanceOf(best.reading.edits)) : batch;
  if (still.length > 0) yield still;
}

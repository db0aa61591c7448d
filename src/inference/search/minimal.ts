/** Leaves out edits that are not needed: with any one of those that are left undone, the goal is not reached. */
import { distanceOf } from './edits.ts';
import { isReached } from './goal.ts';
import type { Search, State } from './search.ts';

/** @param state reaches the goal */
export async function minimal({ text, judge }: Search, state: State): Promise<State> {
  let least = state;
  while (least.reading.edits.length > 1) {
    const { edits } = least.reading;
    const undone = edits
      .map((_, index) => text.read(edits.filter((__, other) => other !== index)))
      .filter((reading) => reading !== null);
    const outcomes = await judge.judge(undone.map(({ ids }) => ids));
    const still = undone
      .map((reading, index) => ({ reading, outcome: outcomes[index]! }))
      .filter(({ outcome }) => isReached(outcome))
      .sort((a, b) => distanceOf(a.reading.edits) - distanceOf(b.reading.edits));
    if (still.length === 0) return least;
    least = still[0]!;
  }
  return least;
}

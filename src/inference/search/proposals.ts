/** Which edits are tried first: those that promise most, each kind in its turn. */
import { tokenEdits } from '../../protocol/edits.ts';
import type { Candidate, Candidates } from './candidates.ts';
import type { FirstOrder } from './firstOrder.ts';
import type { State } from './search.ts';
import type { Ranked } from './source.ts';

/** Some proposals cannot be read, or break a constraint. */
const overdraft = 4;

/** At most so many candidates, in the order in which they are to be tried. */
export function* proposals(
  candidates: Candidates,
  { reading }: State,
  order: FirstOrder,
  most: number,
): Generator<Candidate> {
  const sources = candidates.sources(reading);
  // Slips of the hand together have the turns of one kind of token edit.
  const groups = Map.groupBy(sources, ({ kind }) => (tokenEdits.some((one) => one === kind) ? kind : 'slip'));
  const ranked = [...groups.values()].map((group) => {
    const all = group.flatMap((source) => source.best(overdraft * most, order));
    return all.sort((a, b) => b.gain - a.gain);
  });
  let given = 0;
  for (const { edit } of inTurns(ranked)) {
    if (given >= most) return;
    const candidate = candidates.candidate(reading, edit);
    if (!candidate) continue;
    given++;
    yield candidate;
  }
}

/** The first of each list, then the second of each … */
export function* inTurns(lists: readonly (readonly Ranked[])[]): Generator<Ranked> {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let place = 0; place < longest; place++) {
    for (const list of lists) if (place < list.length) yield list[place]!;
  }
}

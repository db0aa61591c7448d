/** Tries single edits of each kind: some that are drawn at random, and some that the gradient speaks for. */
import type { AdversarialParams } from '../../protocol/engine.ts';
import type { KindTried, PartialAdversarial, TriedEdit } from '../../protocol/results.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import type { Candidate } from './candidates.ts';
import type { NewEdit } from './edits.ts';
import { isReached } from './goal.ts';
import type { Search, State } from './search.ts';
import type { EditSource } from './source.ts';

/** Edited texts that are read at once. */
const batchSize = 32;

/**
 * The budget is shared evenly between the kinds, and what one leaves goes to the next ones; of each share half goes to
 * edits drawn at random, whose share that reaches the goal stands for all of their kind. A kind with no more edits than
 * its share is tried in full.
 */
export async function testEdits(
  search: Search,
  { budget, seed, worst: most }: Pick<AdversarialParams, 'budget' | 'seed' | 'worst'>,
  onProgress: (partial: PartialAdversarial) => void,
): Promise<PartialAdversarial> {
  const { judge, candidates, start, before, model } = search;
  const uniform = uniformNumbers(seed);
  const kinds: KindTried[] = [];
  const reached: State[] = [];
  const soFar = (): PartialAdversarial => ({
    before,
    kinds: [...kinds],
    worst: reached
      .toSorted((a, b) => b.outcome.lead - a.outcome.lead)
      .slice(0, most)
      .map((state) => triedEdit(state)),
    evaluations: judge.evaluations,
  });
  const triedEdit = ({ reading, outcome: { next, probability, rank } }: State): TriedEdit => {
    const [{ id, probability: said }] = next as [State['outcome']['next'][number]];
    const says = { ...model.tokenizer.shown(id), probability: said };
    return { edit: reading.edits[0]!, says, token: { probability, rank } };
  };
  /** @returns how many were tried and reached the goal */
  const tryAll = async (edits: Iterable<NewEdit>, share: number) => {
    const counts = { tried: 0, reached: 0 };
    for (const batch of batchesOf(readable(edits, share))) {
      const outcomes = await judge.judge(batch.map(({ reading }) => reading.ids));
      for (const [index, { reading }] of batch.entries()) {
        const outcome = outcomes[index]!;
        counts.tried++;
        if (!isReached(outcome)) continue;
        counts.reached++;
        reached.push({ reading, outcome });
      }
      onProgress(soFar());
    }
    return counts;
  };
  function* readable(edits: Iterable<NewEdit>, share: number): Generator<Candidate> {
    let given = 0;
    if (share < 1) return;
    for (const edit of edits) {
      const candidate = candidates.candidate(start.reading, edit);
      if (!candidate) continue;
      yield candidate;
      given++;
      if (given >= share) return;
    }
  }

  const sources = candidates.sources(start.reading).sort((a, b) => a.total - b.total);
  const order = budget > sources.length ? await search.firstOrder(start) : null;
  for (const [at, source] of sources.entries()) {
    const share = Math.floor((budget - judge.evaluations) / (sources.length - at));
    const isWhole = source.total <= share;
    const drawn = await tryAll(source.drawn(uniform), isWhole ? share : Math.ceil(share / 2));
    const rest = isWhole || !order ? [] : guidedBy(source, order, share);
    const guided = await tryAll(rest, share - drawn.tried);
    kinds.push({ kind: source.kind, total: source.total, all: isWhole, drawn, guided });
  }
  const inOrder = new Map(candidates.sources(start.reading).map(({ kind }, index) => [kind, index]));
  kinds.sort((a, b) => inOrder.get(a.kind)! - inOrder.get(b.kind)!);
  return soFar();
}

function guidedBy(source: EditSource, order: Parameters<EditSource['best']>[1], share: number): NewEdit[] {
  // Some were drawn already, some cannot be read.
  return source.best(4 * share, order).map(({ edit }) => edit);
}

function* batchesOf<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * How well scores tell what f does when tokens are removed by one operator. In stages: what takes least comes first, and
 * each stage is the answer so far.
 */
import type { Removal } from '../../protocol/methods.ts';
import type { Area, Correlation, RemovalEvidence } from '../../protocol/results.ts';
import type { FunctionWith, TokenSet } from '../attribution/method.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import { areaOver, normalised } from './aopc.ts';
import { chanceOf } from './chance.ts';
import { countsFor } from './counts.ts';
import { type Curves, curvesOf, meanOf } from './curves.ts';
import { greedyOrder } from './greedy.ts';
import { kendallTau } from './kendall.ts';
import { ldsMasks, ldsOf, randomMasks } from './lds.ts';
import { type Order, orderOf, randomOrder } from './orders.ts';
import { Removed } from './removed.ts';

const randomOrders = 20;

/** How many of some changed inputs are out of distribution. */
export type Strangeness = (sets: readonly TokenSet[]) => Promise<RemovalEvidence['outOfDistribution']>;

interface Given {
  /** One per token. */
  scores: readonly number[];
  removal: Removal;
  seed: number;
  /** f without tokens by this operator, where others ask for it too: nothing is evaluated twice. */
  removed?: Removed;
  /** Whether to stop before what takes longest: the share out of distribution, the floor and the ceiling. */
  depth?: 'correlations' | 'limits';
  /** Null where it cannot be told. */
  strangeness: Strangeness | null;
}

export async function* evaluateRemoval(
  f: FunctionWith<'without'>,
  { scores, removal, seed, depth = 'limits', strangeness, removed = new Removed(f, removal, seed) }: Given,
): AsyncGenerator<RemovalEvidence> {
  const tokens = f.count;
  const all = Array.from({ length: tokens }, (_, token) => token);
  const counts = countsFor(tokens);
  const own = orderOf(scores);
  const [value, nothing] = (await removed.without([[], all])) as [number, number];
  const singles = await removed.without(all.map((token) => [token]));
  const losses = singles.map((one) => value - one);
  const [explanation] = (await curvesOf(removed, [own], counts)) as [Curves];
  const size = Math.max(Math.abs(value), Math.abs(nothing), ...explanation.deletion.map(Math.abs));

  let floors: Curves[] | null = null;
  let ceiling: Curves | null = null;
  let lds: Correlation | null = null;
  let outOfDistribution: RemovalEvidence['outOfDistribution'] = null;
  const correlate = (some: readonly number[]) => kendallTau(some, losses);
  const leaveOneOut = {
    value: correlate(scores),
    interval: null,
    chance: chanceOf(scores, correlate, uniformNumbers(seed)),
  };
  const areaOf = (kind: keyof Curves): Area => {
    const own = areaOver(value, explanation[kind]);
    const floor = floors && meanAndError(floors.map((one) => areaOver(value, one[kind])));
    const best = ceiling && areaOver(value, ceiling[kind]);
    const known = floor !== null && best !== null;
    return {
      ...{ value: own, floor, ceiling: best },
      normalised: known ? normalised(own, floor.value, best, size) : null,
    };
  };
  const soFar = (): RemovalEvidence => ({
    ...{ removal, nothing, counts, explanation, ceiling, losses, leaveOneOut, lds, outOfDistribution },
    floor: floors && meanOf(floors),
    comprehensiveness: areaOf('deletion'),
    sufficiency: areaOf('insertion'),
  });
  yield soFar();

  const uniform = uniformNumbers(seed);
  const kept = randomMasks(tokens, ldsMasks, uniform);
  const values = await removed.only(kept);
  lds = ldsOf(scores, kept, values, uniform);
  yield soFar();
  if (depth === 'correlations') return;

  if (strangeness) {
    // Those that the evidence rests on: along the curves, and the masks.
    const gone = kept.slice(0, 16).map((some) => all.filter((token) => !some.includes(token)));
    outOfDistribution = await strangeness([...evenly(own, counts), ...gone]);
    yield soFar();
  }

  floors = await curvesOf(
    removed,
    Array.from({ length: randomOrders }, () => randomOrder(tokens, uniform)),
    counts,
  );
  yield soFar();

  ceiling = await ceilingOf(removed, counts, own, orderOf(losses));
  yield soFar();
}

/**
 * The best curves that are known, one by one: of the greedy orders, of leave-one-out and of the explanation, which cannot be
 * better than the best.
 */
async function ceilingOf(
  f: Removed,
  counts: readonly number[],
  ...others: readonly Order[]
): Promise<Curves> {
  const greedy = [await greedyOrder(f, 'deletion', counts), await greedyOrder(f, 'insertion', counts)];
  const curves = await curvesOf(f, [...greedy, ...others], counts);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const best = (kind: keyof Curves, sign: 1 | -1) =>
    curves.map((one) => one[kind]).sort((a, b) => sign * (sum(a) - sum(b)))[0]!;
  return { deletion: best('deletion', 1), insertion: best('insertion', -1) };
}

/** The first tokens of an order, at some eight counts. */
function evenly(order: Order, counts: readonly number[]): TokenSet[] {
  const step = Math.ceil(counts.length / 8);
  return counts.filter((_, at) => at % step === 0).map((count) => order.slice(0, count));
}

function meanAndError(values: readonly number[]): { value: number; standardError: number } {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  return { value, standardError: Math.sqrt(variance / n) };
}

/**
 * How well another method's scores do on what was removed for the evidence: the same masks, so that their LDS can be
 * compared one by one, and a deletion curve of their own between the same floor and ceiling.
 */
import type { Measure, RemovalEvidence } from '../../protocol/results.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import { areaOver, normalised } from './aopc.ts';
import { ldsMasks, ldsOf, randomMasks } from './lds.ts';
import { orderOf } from './orders.ts';
import type { Removed } from './removed.ts';

interface About {
  /** What was found for the explanation. */
  known: RemovalEvidence;
  /** f(x). */
  value: number;
  seed: number;
}

export async function measureOther(
  removed: Removed,
  scores: readonly number[],
  { known, value, seed }: About,
): Promise<Measure> {
  const uniform = uniformNumbers(seed);
  const kept = randomMasks(removed.tokens, ldsMasks, uniform);
  const lds = ldsOf(scores, kept, await removed.only(kept), uniform);
  const order = orderOf(scores);
  const deletion = await removed.without(known.counts.map((count) => order.slice(0, count)));
  const { floor, ceiling } = known.comprehensiveness;
  const size = Math.max(Math.abs(value), Math.abs(known.nothing), ...deletion.map(Math.abs));
  const isBounded = floor !== null && ceiling !== null;
  return {
    ...{ removal: known.removal, lds },
    comprehensiveness: isBounded ? normalised(areaOver(value, deletion), floor.value, ceiling, size) : null,
  };
}

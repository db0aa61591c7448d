import type { Baseline } from '../../protocol/results.ts';
import type { SecondOpinion } from '../disagreement.ts';
import { removalName } from './names.ts';
import type { Telling } from './telling.ts';

/** What is said where an explanation and a second opinion have opposite signs. */

/** What the hatching means; null where nothing is hatched. @param count of what is hatched */
export function hatchText(
  count: number,
  { removal }: SecondOpinion,
  baseline: Baseline,
  telling: Telling,
): string | null {
  if (count === 0) return null;
  const { say, numbers } = telling;
  return say(
    'Hatched ({0}): occlusion (a token {1}) gives the opposite sign there; do not rely on the sign.',
    numbers.count(count),
    removalName(removal, baseline, telling),
  );
}

/** Of one token. @param loss what f loses without it */
export function oppositeText(
  loss: number,
  { removal }: SecondOpinion,
  baseline: Baseline,
  telling: Telling,
): string {
  const { say, numbers } = telling;
  return say(
    'Hatched: occlusion ({0}) gives it {1}, the opposite sign.',
    removalName(removal, baseline, telling),
    numbers.signed(loss),
  );
}

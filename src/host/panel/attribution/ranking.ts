import type { AttributionMethodId } from '../../../protocol/methods.ts';
import type { AttributionPanel } from '../../../protocol/panels/attribution.ts';
import type { AnswerOf } from '../../../protocol/panels/page.ts';
import type { PartialEvidence } from '../../../protocol/results.ts';
import { methodName } from '../../../text/telling/names.ts';
import type { Telling } from '../../../text/telling/telling.ts';

type Ranked = AnswerOf<AttributionPanel, 'evidence'>['ranking'][number];

/** The method that is shown among those that it was compared with, by their mean LDS, best first. */
export function rankingOf(
  { removals, agreements }: Pick<PartialEvidence, 'removals' | 'agreements'>,
  method: AttributionMethodId,
  telling: Telling,
): Ranked[] {
  const others = agreements
    .filter(({ measures }) => removals.length > 0 && measures.length === removals.length)
    .map(
      (one): Ranked => ({
        ...{ name: methodName(one.method, telling), isShown: false },
        measures: one.measures.map(({ lds, comprehensiveness }) => ({ lds, comprehensiveness })),
      }),
    );
  if (others.length === 0) return [];
  const own = removals.flatMap(({ lds, comprehensiveness }) =>
    lds ? [{ lds, comprehensiveness: comprehensiveness.normalised }] : [],
  );
  const all = [{ name: methodName(method, telling), isShown: true, measures: own }, ...others];
  return all.toSorted((a, b) => meanLds(b) - meanLds(a));
}

/** Of a method that gives every token the same score nothing is known: it comes last. */
function meanLds({ measures }: Ranked): number {
  return measures.reduce((sum, { lds }) => sum + (lds.value ?? -1), 0) / Math.max(1, measures.length);
}

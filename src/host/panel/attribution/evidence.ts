import type { AttributionPanel } from '../../../protocol/panels/attribution.ts';
import type { AnswerOf } from '../../../protocol/panels/page.ts';
import type { Baseline, PartialEvidence } from '../../../protocol/results.ts';
import { baselineName, methodName, removalName } from '../../../text/telling/names.ts';
import type { Telling } from '../../../text/telling/telling.ts';
import { rankingOf } from './ranking.ts';

/** @param baseline of the explanation: what stands in the place of removed tokens */
export function evidenceOf(
  evidence: PartialEvidence,
  baseline: Baseline,
  telling: Telling,
): AnswerOf<AttributionPanel, 'evidence'> {
  const { value, removals, agreements, evaluations } = evidence;
  return {
    value,
    removals: removals.map((evidence) => ({
      name: removalName(evidence.removal, baseline, telling),
      evidence,
    })),
    agreements: agreements.map(({ method, baseline: other, spearman }) => {
      const name = methodName(method, telling);
      const isElsewhere = other !== null && other !== baseline;
      return { name: isElsewhere ? `${name}, ${baselineName(other, telling)}` : name, spearman };
    }),
    ranking: rankingOf(evidence, evidence.receipt.method, telling),
    evaluations,
  };
}

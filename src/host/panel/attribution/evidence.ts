import type { EvidenceParams } from '../../../protocol/engine.ts';
import type { AttributionMethodId, Removal } from '../../../protocol/methods.ts';
import type { AttributionPanel } from '../../../protocol/panels/attribution.ts';
import type { AnswerOf } from '../../../protocol/panels/page.ts';
import type { Baseline, ExplainedTokens, PartialEvidence } from '../../../protocol/results.ts';
import { baselineName, methodName, removalName } from '../../../text/telling/names.ts';
import type { Telling } from '../../../text/telling/telling.ts';

/** What the scores are held against: what a person would ask next. */
const others: readonly AttributionMethodId[] = ['integrated-gradients', 'alti-logit', 'occlusion', 'shapley'];

/** How an explanation is measured: by its own way of removing and another one, against three other methods. */
export function evidenceAsked({
  receipt,
  tokens,
}: ExplainedTokens): Pick<
  EvidenceParams,
  'scores' | 'removals' | 'others' | 'otherBaselines' | 'evidenceSeed'
> {
  const own: Removal[] = 'removal' in receipt ? [receipt.removal] : [];
  return {
    scores: tokens.map(({ score }) => score),
    removals: [...new Set<Removal>([...own, 'baseline', 'mask'])].slice(0, 2),
    others: others.filter((one) => one !== receipt.method).slice(0, 3),
    otherBaselines: true,
    evidenceSeed: 0,
  };
}

/** @param baseline of the explanation: what stands in the place of removed tokens */
export function evidenceOf(
  { value, removals, agreements, evaluations }: PartialEvidence,
  baseline: Baseline,
  telling: Telling,
): AnswerOf<AttributionPanel, 'evidence'> {
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
    evaluations,
  };
}

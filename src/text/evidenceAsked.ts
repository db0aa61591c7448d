import type { EvidenceParams } from '../protocol/engine.ts';
import type { AttributionMethodId, Removal } from '../protocol/methods.ts';
import type { ExplainedTokens } from '../protocol/results.ts';

/** What scores are held against: what a person would ask next. */
const others: readonly AttributionMethodId[] = [
  ...(['integrated-gradients', 'alti-logit', 'occlusion', 'input-x-gradient', 'direct-logit'] as const),
];

/**
 * How an explanation is measured where a person asks for it: by its own way of removing and another one, against other
 * methods and the other baselines.
 * @param mostOthers how many methods
 */
export function evidenceAsked(
  { receipt, tokens }: Pick<ExplainedTokens, 'receipt' | 'tokens'>,
  mostOthers: number,
) {
  const own: Removal[] = 'removal' in receipt ? [receipt.removal] : [];
  return {
    scores: tokens.map(({ score }) => score),
    removals: [...new Set<Removal>([...own, 'baseline', 'mask'])].slice(0, 2),
    others: others.filter((one) => one !== receipt.method).slice(0, mostOthers),
    otherBaselines: true,
    evidenceSeed: 0,
    depth: 'limits',
  } as const satisfies Partial<EvidenceParams>;
}

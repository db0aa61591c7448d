import {
  type AttributionMethodId,
  attributionMethods,
  describeMethod,
  isSigned,
} from '../../../protocol/methods.ts';
import { type Objective, objectives } from '../../../protocol/objectives.ts';
import type { Attributions } from '../../../protocol/panels/attribution.ts';
import type { PartialExplanation } from '../../../protocol/results.ts';
import type { DisplayToken } from '../../../text/displayTokens.ts';
import { shownToken } from '../../../text/pieceNames.ts';
import { methodName, objectiveName } from '../../../text/telling/names.ts';
import { sides, title } from '../../../text/telling/prediction.ts';
import { explainReceiptFacts } from '../../../text/telling/receipt.ts';
import { originName, sumFacts, sumSentence } from '../../../text/telling/sums.ts';
import type { Telling } from '../../../text/telling/telling.ts';

/** What a method can explain that splits f into parts. */
export const linearObjectives: readonly Objective[] = ['contrast', 'logit'];

/** What is known besides the explanation. */
interface Aside {
  removing?: Attributions['removing'];
  /** Per token: whether a second opinion has the opposite sign. */
  isOpposed?: readonly boolean[];
}

/** An explanation as the panel shows it: the numbers are the engine's, the words ours. */
export function attributionsOf(
  explanation: PartialExplanation,
  tokens: readonly DisplayToken[],
  groups: Attributions['groups'],
  remarks: string[],
  telling: Telling,
  { removing = null, isOpposed = [] }: Aside = {},
): Attributions {
  const { receipt, target, foil, next, value, baselineValue, delta, refining } = explanation;
  const method = (id: AttributionMethodId) => ({ id, name: methodName(id, telling) });
  return {
    ...{ title: title(explanation, telling), remarks, final: !refining, groups },
    method: method(receipt.method),
    otherMethods: attributionMethods.filter((id) => id !== receipt.method).map(method),
    objective: objectiveName(receipt.objective, telling),
    objectiveId: receipt.objective,
    objectives: objectives
      .filter((id) => !describeMethod(receipt.method).linear || linearObjectives.includes(id))
      .map((id) => ({ id, name: objectiveName(id, telling) })),
    signed: isSigned(receipt.method),
    sides: sides(explanation, telling),
    tokens: tokens.map(({ text, score, standardError }, at) => ({
      ...{ text, score },
      ...(standardError !== undefined && { standardError }),
      ...(isOpposed[at] && { isOpposed: true as const }),
    })),
    target: candidate(target),
    foil: foil && candidate(foil),
    next: next.map(candidate),
    hasLayers: explanation.layers !== null,
    components: explanation.components ?? null,
    removing,
    fromName: originName(receipt, telling),
    ...{ value, baselineValue, delta },
    sumNote: sumSentence(explanation, telling),
    totals: sumFacts(explanation, telling),
    receipt: explainReceiptFacts(explanation, telling),
  };
}

function candidate(token: Attributions['target']): Attributions['target'] {
  return { ...shownToken(token), probability: token.probability };
}

import { type AttributionMethodId, attributionMethods, isSigned } from '../../../protocol/methods.ts';
import type { Attributions } from '../../../protocol/panels/attribution.ts';
import type { Granularity } from '../../../text/granularity.ts';
import { shownToken } from '../../../text/pieceNames.ts';
import type { ExplainedText } from '../../explain/explainedText.ts';
import { baselineMeaning, receiptFacts, totals } from '../../explain/facts.ts';
import { methodName, objectiveName, remarks, title } from '../../explain/sentences.ts';
import type { Grouping } from '../../overlay/grouping.ts';

/**
 * An explained text as the panel shows it: the numbers are the engine's, the words ours.
 * @param syntax what to call when more is known of the syntax, whose nodes are words until then; null: not asked for
 */
export function attributionsOf(
  explained: ExplainedText,
  grouping: Grouping,
  syntax: (() => void) | null,
): Attributions | null {
  const { explanation, document, snapshot, tokens } = explained;
  if (!explanation) return null;
  const { receipt, target, foil, next, value, baselineValue, delta, refining } = explanation;
  const method = (id: AttributionMethodId) => ({ id, name: methodName(id) });
  const base = document.offsetAt(explained.rangeOf({ start: 0, end: 0 }).start);
  const groupable = { document, text: snapshot.text, base, tokens };
  const groups = (granularity: Granularity, arrived = () => {}) =>
    grouping.groups(granularity, groupable, arrived);
  return {
    ...{ title: title(explanation), remarks: remarks(explained), final: !refining },
    method: method(receipt.method),
    otherMethods: attributionMethods.filter((id) => id !== receipt.method).map(method),
    objective: objectiveName(receipt.objective),
    signed: isSigned(explanation.receipt.method),
    tokens: tokens.map(({ text, score, standardError }) => ({
      ...{ text, score },
      ...(standardError !== undefined && { standardError }),
    })),
    groups: {
      token: groups('token'),
      word: groups('word'),
      line: groups('line'),
      syntax: syntax && groups('syntax', syntax),
    },
    target: candidate(target),
    foil: foil && candidate(foil),
    next: next.map(candidate),
    hasLayers: explanation.layers !== null,
    fromName: baselineMeaning(receipt),
    ...{ value, baselineValue, delta },
    totals: totals(explained),
    receipt: receiptFacts(receipt, explanation.evaluations),
  };
}

function candidate(token: Attributions['target']): Attributions['target'] {
  return { ...shownToken(token), probability: token.probability };
}

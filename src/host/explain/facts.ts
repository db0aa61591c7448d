import { env, l10n } from 'vscode';
import { chosenOptions, describeMethod } from '../../protocol/methods.ts';
import type { Fact } from '../../protocol/panels/common.ts';
import type { ExplainReceipt } from '../../protocol/results.ts';
import { Numbers } from '../../text/numbers.ts';
import type { ExplainedText } from './explainedText.ts';
import { baselineName, deltaText, methodName, objectiveName, optionName } from './sentences.ts';

/** An explanation's sums and its receipt, as names and values to be listed. */

const numbers = new Numbers(env.language);

/** Σ and what it has to equal; no more than a dash as long as that is not known. */
export function totals({ explanation, tokens }: ExplainedText): Fact[] {
  if (!explanation) return [];
  const { value, baselineValue, delta, receipt } = explanation;
  const error: [string, string] = [l10n.t('δ, the error of the sum'), deltaText(explanation)];
  if (value === null) return asFacts([error]);
  const ofInput: [string, string] = [
    l10n.t('f(x): {0}', objectiveName(receipt.objective)),
    numbers.value(value),
  ];
  if (delta === null) return asFacts([ofInput]);
  const sum = tokens.reduce((total, token) => total + token.score, 0);
  return asFacts([
    [l10n.t('Sum of the contributions'), numbers.signed(sum)],
    [l10n.t('f(x) − f(baseline)'), numbers.signed(value - baselineValue)],
    error,
    ofInput,
    [baselineMeaning(receipt), numbers.value(baselineValue)],
  ]);
}

/** What the contributions are counted from. */
export function baselineMeaning({ method, baseline }: ExplainReceipt): string {
  if (describeMethod(method).baseline === 'none') return l10n.t('f without what these tokens wrote directly');
  return l10n.t('f(baseline): with {0}', baselineName(baseline));
}

export function receiptFacts(receipt: ExplainReceipt, evaluations: number): Fact[] {
  return asFacts([
    [l10n.t('Model'), `${receipt.model.name} (SHA-256 ${receipt.model.sha256})`],
    [l10n.t('Text'), `SHA-256 ${receipt.textSha256}`],
    [l10n.t('Explained range'), `${receipt.range.start}–${receipt.range.end}`],
    [l10n.t('BOS'), receipt.bos ? l10n.t('prepended') : l10n.t('not prepended')],
    [l10n.t('Tokens that did not fit'), numbers.count(receipt.droppedTokens)],
    [l10n.t('Target'), `#${receipt.target}`],
    [l10n.t('Foil'), receipt.foil.length === 0 ? '–' : receipt.foil.map((id) => `#${id}`).join(' ')],
    [l10n.t('Predicted position'), numbers.count(receipt.at)],
    [l10n.t('Objective'), objectiveName(receipt.objective)],
    [l10n.t('Method'), methodName(receipt.method)],
    [l10n.t('Baseline'), baselineName(receipt.baseline)],
    ...chosenOptions(receipt).map(([name, value]): [string, string] => [
      optionName(name),
      // A seed has to be there with all its digits.
      typeof value === 'string' || Number.isInteger(value) ? String(value) : numbers.value(value),
    ]),
    [l10n.t('Evaluations'), numbers.count(evaluations)],
    [l10n.t('Time'), l10n.t('{0} ms', numbers.count(receipt.milliseconds))],
    ['Whytoken', receipt.whytoken],
  ]);
}

function asFacts(pairs: readonly [string, string][]): Fact[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

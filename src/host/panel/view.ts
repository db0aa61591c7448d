import { env, l10n } from 'vscode';
import type { PanelExplanation, PanelFact, PanelTexts } from '../../protocol/panel.ts';
import type { ExplainReceipt } from '../../protocol/results.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted, visible } from '../../text/visible.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import {
  baselineName,
  deltaText,
  isSigned,
  methodName,
  objectiveName,
  remarks,
  title,
} from '../explain/sentences.ts';

/** An explained text as the panel shows it: the numbers are the engine's, the words ours. */

const numbers = new Numbers(env.language);

export function panelExplanation(id: number, explained: ExplainedText): PanelExplanation | null {
  const { explanation, tokens, largest } = explained;
  if (!explanation) return null;
  const movement = tokens.reduce((sum, token) => sum + Math.abs(token.score), 0);
  const most = numbers.value(largest);
  const target = quoted(explanation.target.text);
  return {
    id,
    title: title(explanation),
    legend: isSigned(explanation)
      ? [
          { side: 'for', meaning: l10n.t('spoke for {0} (at most {1})', target, most) },
          { side: 'against', meaning: l10n.t('spoke against {0} (at most {1})', target, most) },
        ]
      : [{ side: 'for', meaning: l10n.t('moves the prediction (at most {0})', most) }],
    remarks: remarks(explained),
    rows: tokens.map(({ text, score }) => ({
      text: visible(text),
      score,
      scoreText: numbers.signed(score),
      shareText: numbers.percent(movement > 0 ? Math.abs(score) / movement : 0),
    })),
    totals: totals(explained),
    receipt: receiptFacts(explanation.receipt, explanation.evaluations),
  };
}

export function panelTexts(): PanelTexts {
  return {
    empty: l10n.t(
      'Nothing is explained yet. Select some text in an editor and run “Whytoken: Explain Selection”.',
    ),
    detached: l10n.t('This explanation is no longer linked to its text.'),
    order: l10n.t('Order'),
    readingOrder: l10n.t('as in the text'),
    byStrength: l10n.t('strongest first'),
    token: l10n.t('Token'),
    contribution: l10n.t('Contribution'),
    share: l10n.t('Share'),
    receipt: l10n.t('Receipt'),
  };
}

function totals({ explanation, tokens }: ExplainedText): PanelFact[] {
  if (!explanation) return [];
  const { value, baselineValue, delta, receipt } = explanation;
  const ofInput: [string, string] = [
    l10n.t('f(x): {0}', objectiveName(receipt.objective)),
    numbers.value(value),
  ];
  if (delta === null) return asFacts([ofInput]);
  const sum = tokens.reduce((total, token) => total + token.score, 0);
  return asFacts([
    [l10n.t('Sum of the contributions'), numbers.signed(sum)],
    [l10n.t('f(x) − f(baseline)'), numbers.signed(value - baselineValue)],
    [l10n.t('δ, the error of the sum'), deltaText(explanation)],
    ofInput,
    [l10n.t('f(baseline): with {0}', baselineName(receipt.baseline)), numbers.value(baselineValue)],
  ]);
}

function receiptFacts(receipt: ExplainReceipt, evaluations: number): PanelFact[] {
  return asFacts([
    [l10n.t('Model'), `${receipt.model.name} (SHA-256 ${receipt.model.sha256})`],
    [l10n.t('Text'), `SHA-256 ${receipt.textSha256}`],
    [l10n.t('Explained range'), `${receipt.range.start}–${receipt.range.end}`],
    [l10n.t('BOS'), receipt.bos ? l10n.t('prepended') : l10n.t('not prepended')],
    [l10n.t('Tokens that did not fit'), numbers.count(receipt.droppedTokens)],
    [l10n.t('Target'), `#${receipt.target}`],
    [l10n.t('Foil'), receipt.foil === null ? '–' : `#${receipt.foil}`],
    [l10n.t('Predicted position'), numbers.count(receipt.at)],
    [l10n.t('Objective'), objectiveName(receipt.objective)],
    [l10n.t('Method'), methodName(receipt.method)],
    [l10n.t('Baseline'), baselineName(receipt.baseline)],
    [l10n.t('Steps'), `${receipt.steps} (${l10n.t('{0} evaluations', numbers.count(evaluations))})`],
    [l10n.t('Tolerance'), numbers.value(receipt.tolerance)],
    [l10n.t('Seed'), String(receipt.seed)],
    [l10n.t('Time'), l10n.t('{0} ms', numbers.count(receipt.milliseconds))],
    ['Whytoken', receipt.whytoken],
  ]);
}

function asFacts(pairs: readonly [string, string][]): PanelFact[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

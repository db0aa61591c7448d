import { env, l10n } from 'vscode';
import type { PanelExplanation, PanelTexts } from '../../protocol/panel.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted, visible } from '../../text/visible.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import { receiptFacts, totals } from '../explain/facts.ts';
import { isSigned, nothingYet, remarks, title } from '../explain/sentences.ts';
import { shareText } from '../explain/tokenFacts.ts';

/** An explained text as the panel shows it: the numbers are the engine's, the words ours. */

const numbers = new Numbers(env.language);

export function panelExplanation(id: number, explained: ExplainedText): PanelExplanation | null {
  const { explanation, tokens, largest } = explained;
  if (!explanation) return null;
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
    rows: tokens.map((token) => ({
      text: visible(token.text),
      score: token.score,
      scoreText: numbers.signed(token.score),
      shareText: shareText(explained, token),
    })),
    totals: totals(explained),
    receipt: receiptFacts(explanation.receipt, explanation.evaluations),
  };
}

export function panelTexts(): PanelTexts {
  return {
    empty: nothingYet(),
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

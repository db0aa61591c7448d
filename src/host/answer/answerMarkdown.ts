import { l10n, MarkdownString } from 'vscode';
import { isSigned } from '../../protocol/methods.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { comparison, title } from '../../text/telling/prediction.ts';
import { howText } from '../../text/telling/sums.ts';
import { sideOf, strongestOf } from '../../text/telling/tokens.ts';
import { commandLink, linkedCommands } from '../commandLinks.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import { remarksOn } from '../explain/told.ts';
import { scoreBar } from '../paint/pictures/chart.ts';
import { markdownImage } from '../paint/pictures/svg.ts';
import { telling } from '../telling.ts';
import { asMarkdown } from '../text/escape.ts';

/** How many tokens are named on each side. */
const strongest = 3;

/** The answer as a person would give it: the sentence, what spoke for and against, the links. */
export function answerMarkdown(explained: ExplainedText): MarkdownString {
  const { explanation } = explained;
  const result = new MarkdownString();
  if (!explanation) return result;
  const blocks = [
    `**${asMarkdown(title(explanation, telling))}**`,
    [comparison(explanation, telling), ...remarksOn(explained)].map(asMarkdown).join(' '),
    table(strongestOfSides(explained), isSigned(explanation.receipt.method)),
    asMarkdown(howText(explanation, telling)),
    [
      commandLink(l10n.t('Why not another?'), 'whytoken.whyNot'),
      commandLink(l10n.t('Find the Smallest Edit…'), 'whytoken.findEdit'),
      commandLink(l10n.t('Open Explanation Panel'), 'whytoken.openPanel'),
      commandLink(l10n.t('Copy as a table'), 'whytoken.copyAsMarkdown'),
    ].join(' · '),
  ];
  result.appendMarkdown(blocks.join('\n\n'));
  result.isTrusted = { enabledCommands: [...linkedCommands] };
  return result;
}

/** The strongest tokens of each side, strongest first. */
function strongestOfSides({ tokens }: ExplainedText): DisplayToken[] {
  return ([1, -1] as const).flatMap((sign) => strongestOf(sideOf(tokens, sign), strongest));
}

function table(tokens: readonly DisplayToken[], signed: boolean): string {
  if (tokens.length === 0) return '';
  const scores = tokens.map(({ score }) => score);
  const rows = tokens.map(({ text, score, standardError }) => {
    const side = score > 0 ? l10n.t('spoke for it') : l10n.t('spoke against it');
    const cells = [
      asMarkdown(telling.quote({ text })),
      asMarkdown(estimate(telling.numbers, telling.numbers.signed(score), standardError)),
      markdownImage(scoreBar(score, scores), ''),
      signed ? asMarkdown(side) : '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [`| ${asMarkdown(l10n.t('Strongest tokens'))} | | | |`, '|:--|--:|:--|:--|', ...rows].join('\n');
}

import { env, l10n, MarkdownString } from 'vscode';
import { isSigned } from '../../protocol/methods.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted } from '../../text/visible.ts';
import { commandLink, linkedCommands } from '../commandLinks.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import { comparison, deltaText, methodName, remarks, title } from '../explain/sentences.ts';
import { scoreBar } from '../paint/pictures/chart.ts';
import { markdownImage } from '../paint/pictures/svg.ts';
import { asMarkdown } from '../text/escape.ts';

/** Tokens that are named on each side. */
const strongest = 3;

const numbers = new Numbers(env.language);

/** The answer as a person would give it: the sentence, what spoke for and against, the links. */
export function answerMarkdown(explained: ExplainedText): MarkdownString {
  const { explanation } = explained;
  const result = new MarkdownString();
  if (!explanation) return result;
  const blocks = [
    `**${asMarkdown(title(explanation))}**`,
    [comparison(explanation), ...remarks(explained)].map(asMarkdown).join(' '),
    table(strongestOf(explained), isSigned(explanation.receipt.method)),
    asMarkdown(l10n.t('By {0}; δ = {1}', methodName(explanation.receipt.method), deltaText(explanation))),
    [
      commandLink(l10n.t('Why not another?'), 'whytoken.whyNot'),
      commandLink(l10n.t('Open Explanation Panel'), 'whytoken.openPanel'),
      commandLink(l10n.t('Copy as a table'), 'whytoken.copyAsMarkdown'),
    ].join(' · '),
  ];
  result.appendMarkdown(blocks.join('\n\n'));
  result.isTrusted = { enabledCommands: [...linkedCommands] };
  return result;
}

/** The strongest tokens of each side, strongest first. */
function strongestOf({ tokens }: ExplainedText): DisplayToken[] {
  const ordered = tokens
    .filter(({ score }) => score !== 0)
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const side = (sign: number) => ordered.filter(({ score }) => Math.sign(score) === sign).slice(0, strongest);
  return [...side(1), ...side(-1)];
}

function table(tokens: readonly DisplayToken[], signed: boolean): string {
  if (tokens.length === 0) return '';
  const scores = tokens.map(({ score }) => score);
  const rows = tokens.map(({ text, score, standardError }) => {
    const side = score > 0 ? l10n.t('spoke for it') : l10n.t('spoke against it');
    const cells = [
      asMarkdown(quoted(text)),
      asMarkdown(estimate(numbers, numbers.signed(score), standardError)),
      markdownImage(scoreBar(score, scores), ''),
      signed ? asMarkdown(side) : '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [`| ${asMarkdown(l10n.t('Strongest tokens'))} | | | |`, '|:--|--:|:--|:--|', ...rows].join('\n');
}

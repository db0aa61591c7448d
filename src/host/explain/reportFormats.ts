import { l10n } from 'vscode';
import type { Report, ReportToken } from '../../text/telling/report.ts';
import type { ToldFact } from '../../text/telling/telling.ts';
import { asMarkdown } from '../text/escape.ts';

/** Lines that can be read aloud one by one: no table, and nothing whose meaning depends on its place in the line. */
export function asText({ title, remarks, strongest, tokens, sums, receipt }: Report): string {
  const part = (heading: string, lines: string[]) => [heading, ...lines].join('\n');
  const fact = ({ name, value }: ToldFact) => l10n.t('{0}: {1}', name, value);
  const moved = ({ text, contribution, share }: ReportToken) =>
    l10n.t('{0}: {1}, {2} of all', text, contribution, share);
  const known = (token: ReportToken) =>
    token.notes.reduce((line, note) => l10n.t('{0}; {1}', line, note), `${token.place}. ${moved(token)}`);
  const parts = [
    [title, ...remarks].join('\n'),
    ...strongest.map(({ heading, tokens }) => part(heading, tokens.map(moved))),
    part(l10n.t('All tokens, as in the text'), tokens.map(known)),
    part(l10n.t('Sums'), sums.map(fact)),
    part(l10n.t('Receipt'), receipt.map(fact)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The text with its contributions, and tables, in GitHub's Markdown. Tokens are escaped, so that nothing in them acts as Markdown. */
export function asMarkdownTable({ title, remarks, marked, tokens, sums, receipt }: Report): string {
  const parts = [
    `**${asMarkdown(title)}**`,
    remarks.map((remark) => `- ${asMarkdown(remark)}`).join('\n'),
    marked.html,
    marked.notes.map((note) => `- ${asMarkdown(note)}`).join('\n'),
    tokenTable(tokens),
    factTable(l10n.t('Sums'), sums),
    factTable(l10n.t('Receipt'), receipt),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function tokenTable(tokens: readonly ReportToken[]): string {
  const hasChances = tokens.some(({ chance }) => chance);
  const head = ['#', l10n.t('Token'), l10n.t('Contribution'), l10n.t('Share')];
  const more = hasChances ? [l10n.t('Probability'), l10n.t('Rank'), l10n.t('Surprisal (bits)')] : [];
  const rows = tokens.map(({ place, text, contribution, share, chance }) => [
    `${place}`,
    asMarkdown(text),
    ...[contribution, share],
    ...(hasChances ? [chance?.probability ?? '–', chance?.rank ?? '–', chance?.surprisal ?? '–'] : []),
  ]);
  const align = ['--:', ':--', ...[...more, '', ''].map(() => '--:')];
  return table([...head, ...more], align, rows);
}

function factTable(name: string, facts: readonly ToldFact[]): string {
  const rows = facts.map((fact) => [asMarkdown(fact.name), asMarkdown(fact.value)]);
  return table([asMarkdown(name), ''], [':--', ':--'], rows);
}

function table(head: readonly string[], align: readonly string[], rows: readonly string[][]): string {
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

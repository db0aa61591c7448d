import { l10n, MarkdownString, type Range, type TextDocument } from 'vscode';
import type { TokenScore } from '../../protocol/results.ts';
import { chanceOf } from '../../text/chance.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import type { TokenGroup } from '../../text/granularity.ts';
import {
  chanceTexts,
  contributionText,
  piecesTexts,
  segmentText,
  shortened,
  wordText,
} from '../../text/telling/tokens.ts';
import type { ShownWord } from '../../text/words.ts';
import { commandLink, linkedCommands } from '../commandLinks.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import { oppositeTextOn } from '../explain/opposition.ts';
import { beliefOn } from '../explain/told.ts';
import { telling } from '../telling.ts';
import { asMarkdown } from '../text/escape.ts';
import { barImage } from './bar.ts';

const { numbers, quote } = telling;

/** `context` is null where it is not known. */
export type HoveredScore = Omit<TokenScore, 'context' | 'wordEnd'> & { context: number | null };

/** What is known of a token. */
export interface HoveredToken {
  document: TextDocument;
  range: Range;
  /** The model's tokens: several where a character is read in pieces, none while they are not known. */
  scores: readonly HoveredScore[];
  /** The word that it is a part of, where that is more than the token; null where it is not known. */
  word: ShownWord | null;
  explained: {
    explained: ExplainedText;
    token: DisplayToken;
    /** What is coloured as one with it. */
    group: TokenGroup | null;
  } | null;
  /** What else is shown of it on the text, in sentences. */
  told: readonly string[];
}

export function hoverMarkdown(hovered: HoveredToken): MarkdownString {
  const { document, range, scores, explained } = hovered;
  const isSegment = explained?.token.isSegment === true;
  const pieces = Math.max(scores.length, isSegment ? 1 : (explained?.token.pieces ?? 1));
  const told = { contribution: explained !== null && !isSegment, chance: chanceOf(scores) !== null };
  const known = [
    ...(explained
      ? [contribution(explained), ...segmentText(explained.token, telling), groupText(explained)]
      : []),
    ...hovered.told,
    ...chanceTexts(scores, telling),
    ...(hovered.word ? [wordText(hovered.word, telling)] : []),
    ...piecesTexts(pieces, told, telling),
    ...(explained ? [oppositeTextOn(explained.explained, explained.token) ?? ''] : []),
    ...(explained ? [beliefOn(explained.explained) ?? ''] : []),
  ];
  const lines = known.filter((line) => line !== '');
  const text = isSegment ? shortened(document.getText(range)) : explained?.token.text;
  const name = quote({ text: text ?? document.getText(range) });
  const blocks = [
    [`**${asMarkdown(name)}**`, ...lines.map(asMarkdown)].join('  \n'),
    alternatives(hovered),
    [...context(scores), ...links(hovered)].join(' · '),
  ];
  const result = new MarkdownString(blocks.filter((block) => block !== '').join('\n\n'));
  result.isTrusted = { enabledCommands: [...linkedCommands] };
  return result;
}

function contribution({ explained, token }: NonNullable<HoveredToken['explained']>): string {
  const { explanation } = explained;
  return explanation ? contributionText(token, explained.movement, explanation, telling) : '';
}

function groupText({ explained, group }: NonNullable<HoveredToken['explained']>): string {
  if (!group) return '';
  const text = group.tokens.map((token) => explained.tokens[token]!.text).join('');
  const name = quote({ text: shortened(text) });
  return l10n.t('{0} is coloured as a unit: {1} in all', name, numbers.signed(group.score));
}

/** What else was expected here, each with what can be asked about it. */
function alternatives({ document, scores }: HoveredToken): string {
  const [score] = scores;
  if (!score || score.top.length === 0) return '';
  const most = score.top[0]?.probability ?? 1;
  const rows = score.top.map(({ probability, ...token }) => {
    const { id } = token;
    const isActual = id === score.id;
    const name = asMarkdown(quote(isActual ? score : token));
    const at = place(document, score);
    const why = [
      commandLink(l10n.t('why?'), 'whytoken.explainToken', at),
      commandLink(l10n.t('why at all?'), 'whytoken.whyNot', { ...at, foil: null }),
    ];
    const whyNot = commandLink(l10n.t('why not?'), 'whytoken.whyNot', { ...at, foil: id });
    const branch = { ...at, end: score.end, alternative: token };
    const branches = [
      commandLink(l10n.t('continue with it'), 'whytoken.continueFrom', branch),
      commandLink(l10n.t('replace…'), 'whytoken.replaceFrom', branch),
    ];
    const cells = [
      isActual ? `**${name}**` : name,
      asMarkdown(numbers.percent(probability)),
      barImage(probability / most),
      (isActual ? why : [whyNot, ...branches]).join(' · '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const title = scores.length > 1 ? l10n.t('Expected here as the first piece') : l10n.t('Expected here');
  const head = `| ${asMarkdown(title)} | | | |`;
  return [head, '|:--|--:|:--|:--|', ...rows].join('\n');
}

function links(hovered: HoveredToken): string[] {
  const {
    document,
    scores: [score],
    explained,
  } = hovered;
  const all: string[] = [];
  const isListed = score?.top.some(({ id }) => id === score.id);
  if (score && score.logProb !== null && !isListed) {
    all.push(commandLink(l10n.t('Explain This Token'), 'whytoken.explainToken', place(document, score)));
  }
  if (explained) all.push(commandLink(l10n.t('Remove and See'), 'whytoken.removeToken', inside(hovered)));
  if (explained) all.push(commandLink(l10n.t('Find the Smallest Edit…'), 'whytoken.findEdit', 'hover'));
  if (explained) all.push(commandLink(l10n.t('Open Explanation Panel'), 'whytoken.openPanel', 'hover'));
  return all;
}

/** What is hovered, by its first character that is no space: a token begins with the space in front of its word. */
function inside({ document, range }: HoveredToken) {
  const text = document.getText(range);
  const space = /^\s*/.exec(text)![0].length;
  const start = document.offsetAt(range.start) + (space < text.length ? space : 0);
  return { uri: document.uri.toString(), version: document.version, offset: start };
}

const place = (document: TextDocument, { start }: HoveredScore) => ({
  uri: document.uri.toString(),
  version: document.version,
  offset: start,
});

function context([score]: HoveredToken['scores']): string[] {
  if (!score || score.context === null) return [];
  return [asMarkdown(l10n.t('Read after {0} tokens', numbers.count(score.context)))];
}

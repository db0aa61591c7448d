import {
  env,
  Hover,
  type HoverProvider,
  l10n,
  MarkdownString,
  type Position,
  type TextDocument,
} from 'vscode';
import type { TokenScore } from '../../protocol/results.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted } from '../../text/visible.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import { isSigned } from '../explain/sentences.ts';
import { asMarkdown } from '../text/escape.ts';
import { barImage } from './bar.ts';

const numbers = new Numbers(env.language);

/** What is known of the token under the pointer. It never waits: probabilities that are not there yet are left out. */
export class TokenHover implements HoverProvider {
  readonly #texts: ExplainedTexts;

  constructor(texts: ExplainedTexts) {
    this.#texts = texts;
  }

  provideHover(document: TextDocument, position: Position): Hover | null {
    const explained = this.#texts.of(document);
    const token = explained?.tokens[explained.tokenAt(position)];
    return explained && token ? new Hover(markdown(explained, token), explained.rangeOf(token)) : null;
  }
}

function markdown(explained: ExplainedText, token: DisplayToken): MarkdownString {
  const pieces = tokenScores(explained, token);
  const lines = [contribution(explained, token), ...chances(pieces)].filter((line) => line !== '');
  if (token.pieces > 1) {
    lines.push(
      l10n.t('The model reads this character in {0} pieces; the numbers are their sums.', token.pieces),
    );
  }
  const link = `[${asMarkdown(l10n.t('Open Explanation Panel'))}](command:whytoken.openPanel)`;
  const blocks = [
    [`**${asMarkdown(quoted(token.text))}**`, ...lines.map(asMarkdown)].join('  \n'),
    alternatives(pieces[0]),
    `${asMarkdown(context(explained, token))} · ${link}`,
  ];
  const result = new MarkdownString(blocks.filter((block) => block !== '').join('\n\n'));
  result.isTrusted = { enabledCommands: ['whytoken.openPanel'] };
  return result;
}

function contribution({ explanation, tokens }: ExplainedText, { score }: DisplayToken): string {
  if (!explanation) return '';
  const movement = tokens.reduce((sum, token) => sum + Math.abs(token.score), 0);
  const share = numbers.percent(movement > 0 ? Math.abs(score) / movement : 0);
  const amount = numbers.signed(score);
  const target = quoted(explanation.target.text);
  if (!isSigned(explanation))
    return l10n.t('{0} ({1} of all): how strongly the prediction reacts to it', amount, share);
  if (score === 0) return l10n.t('It moved nothing.');
  if (!explanation.foil) {
    return score > 0
      ? l10n.t('{0} ({1} of all): it spoke for {2}', amount, share, target)
      : l10n.t('{0} ({1} of all): it spoke against {2}', amount, share, target);
  }
  const foil = quoted(explanation.foil.text);
  return score > 0
    ? l10n.t('{0} ({1} of all): it spoke for {2} and not {3}', amount, share, target, foil)
    : l10n.t('{0} ({1} of all): it spoke for {3} and not {2}', amount, share, target, foil);
}

/** The scores of the token's pieces, the first of which is found by its range. */
function tokenScores({ explanation, scores }: ExplainedText, { first, pieces }: DisplayToken): TokenScore[] {
  const piece = explanation?.tokens[first];
  const found =
    scores?.tokens.findIndex(({ start, end }) => start === piece?.start && end === piece.end) ?? -1;
  return found < 0 ? [] : (scores?.tokens.slice(found, found + pieces) ?? []);
}

function chances(pieces: readonly TokenScore[]): string[] {
  const [first] = pieces;
  if (!first) return [];
  const logProb = pieces.reduce<number | null>(
    (sum, token) => (sum === null || token.logProb === null ? null : sum + token.logProb),
    0,
  );
  if (logProb === null || first.rank === null || first.entropy === null) {
    return [l10n.t('The first token of a text has no probability unless the BOS setting is on.')];
  }
  return [
    l10n.t(
      'Probability here {0}, rank {1}; surprisal {2} bits (entropy {3})',
      numbers.percent(Math.exp(logProb)),
      numbers.count(first.rank),
      numbers.bits(-logProb),
      numbers.bits(first.entropy),
    ),
  ];
}

function alternatives(score: TokenScore | undefined): string {
  if (!score || score.top.length === 0) return '';
  const most = score.top[0]?.probability ?? 1;
  const rows = score.top.map(({ text, probability, id }) => {
    const name = asMarkdown(quoted(text));
    const shown = id === score.id ? `**${name}**` : name;
    return `| ${shown} | ${asMarkdown(numbers.percent(probability))} | ${barImage(probability / most)} |`;
  });
  const head = `| ${asMarkdown(l10n.t('Expected here'))} | | |`;
  return [head, '|:--|--:|:--|', ...rows].join('\n');
}

function context({ explanation }: ExplainedText, { first }: DisplayToken): string {
  if (!explanation) return '';
  const { receipt, target, tokens } = explanation;
  const before = numbers.count(target.position - tokens.length - receipt.droppedTokens + first);
  return receipt.bos
    ? l10n.t('Read after {0} tokens and BOS', before)
    : l10n.t('Read after {0} tokens, without BOS', before);
}

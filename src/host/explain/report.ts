import { env, l10n } from 'vscode';
import { isSigned } from '../../protocol/methods.ts';
import type { Fact } from '../../protocol/panels/common.ts';
import { chanceOf } from '../../text/chance.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { Numbers } from '../../text/numbers.ts';
import { tokenName } from '../../text/pieceNames.ts';
import { quoted } from '../../text/visible.ts';
import type { ExplainedText } from './explainedText.ts';
import { receiptFacts, totals } from './facts.ts';
import { remarks, title } from './sentences.ts';
import { chanceTexts, piecesTexts, type ScoresOf, shareText } from './tokenFacts.ts';

/** All that is known of an explained text in words: for a screen reader, for the clipboard. Plain text, not escaped. */
export interface Report {
  title: string;
  remarks: string[];
  /** The tokens that moved the prediction most, strongest first; one part per direction. */
  strongest: { heading: string; tokens: ReportToken[] }[];
  /** In the order of the text. */
  tokens: ReportToken[];
  /** Σ and what it has to equal. */
  totals: Fact[];
  receipt: Fact[];
}

export interface ReportToken {
  /** Its number in the explained text, from 1 on. */
  place: number;
  /** In quotes, with signs for what is not seen. */
  text: string;
  contribution: string;
  share: string;
  /** As sentences: how probable it was, and what is to be known of it. */
  notes: string[];
  /** Null where it is not known, or not yet; a character that is read in pieces has no rank. */
  chance: { probability: string; rank: string | null; surprisal: string } | null;
}

/** Tokens per direction that are named in front. */
const strongestTokens = 5;

const numbers = new Numbers(env.language);

export function reportOf(explained: ExplainedText, scoresOf: ScoresOf): Report | null {
  const { explanation } = explained;
  if (!explanation) return null;
  const tokens = explained.tokens.map((token, index) =>
    reportToken(explained, token, scoresOf(token), index + 1),
  );
  return {
    title: title(explanation),
    remarks: remarks(explained),
    strongest: strongest(explained, tokens),
    tokens,
    totals: totals(explained),
    receipt: receiptFacts(explanation.receipt, explanation.evaluations),
  };
}

function reportToken(
  explained: ExplainedText,
  token: DisplayToken,
  pieces: ReturnType<ScoresOf>,
  place: number,
): ReportToken {
  const chance = chanceOf(pieces);
  return {
    place,
    text: quoted(token.text),
    contribution: estimate(numbers, numbers.signed(token.score), token.standardError),
    share: shareText(explained, token),
    notes: [
      ...chanceTexts(pieces),
      ...piecesTexts(token.pieces, { contribution: true, chance: chance !== null }),
    ],
    chance: chance && {
      probability: numbers.percent(Math.exp(chance.logProb)),
      rank: chance.whole && numbers.count(chance.whole.rank),
      surprisal: numbers.bits(-chance.logProb),
    },
  };
}

function strongest({ explanation, tokens }: ExplainedText, reported: ReportToken[]): Report['strongest'] {
  if (!explanation) return [];
  const ranked = [...tokens.entries()].sort(([, a], [, b]) => Math.abs(b.score) - Math.abs(a.score));
  const part = (heading: string, belongs: (score: number) => boolean) => ({
    heading,
    tokens: ranked
      .filter(([, { score }]) => belongs(score))
      .slice(0, strongestTokens)
      .flatMap(([index]) => reported[index] ?? []),
  });
  if (!isSigned(explanation.receipt.method))
    return [part(l10n.t('What moves the prediction most'), (score) => score !== 0)];
  const target = quoted(tokenName(explanation.target));
  const against = explanation.foil
    ? l10n.t('What spoke most for {0}', quoted(tokenName(explanation.foil)))
    : l10n.t('What spoke most against {0}', target);
  return [
    part(l10n.t('What spoke most for {0}', target), (score) => score > 0),
    part(against, (score) => score < 0),
  ].filter(({ tokens }) => tokens.length > 0);
}

import { env, l10n } from 'vscode';
import type { TokenScore } from '../../protocol/results.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import { Numbers } from '../../text/numbers.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import type { ExplainedText } from './explainedText.ts';

/** What is known of one token of an explained text. */

const numbers = new Numbers(env.language);

/** Its part of all movement, in either direction. */
export function shareText({ movement }: ExplainedText, { score }: DisplayToken): string {
  return numbers.percent(movement > 0 ? Math.abs(score) / movement : 0);
}

/** The scores of the token's pieces; empty as long as they are not known. */
export type ScoresOf = (token: DisplayToken) => readonly TokenScore[];

/** As the document has them, with everything in front as context. */
export function scoresIn(scored: ScoredDocuments, explained: ExplainedText): ScoresOf {
  const { document } = explained;
  return (token) => scored.at(document, document.offsetAt(explained.rangeOf(token).start));
}

type Scored = Pick<TokenScore, 'logProb' | 'rank' | 'entropy'>;

export interface Chance {
  /** Of all pieces, one after the other. */
  logProb: number;
  /** Of the first piece, as is the entropy. */
  rank: number;
  entropy: number;
}

/** Null where nothing is known, or nothing stood in front of the token. */
export function chanceOf(pieces: readonly Scored[]): Chance | null {
  const [first] = pieces;
  if (!first || first.rank === null || first.entropy === null) return null;
  let logProb = 0;
  for (const piece of pieces) {
    if (piece.logProb === null) return null;
    logProb += piece.logProb;
  }
  return { logProb, rank: first.rank, entropy: first.entropy };
}

/** Sentences on how probable the token was, and on what it is made of. */
export function chanceTexts(pieces: readonly Scored[]): string[] {
  if (pieces.length === 0) return [];
  const chance = chanceOf(pieces);
  if (!chance) return [l10n.t('The first token of a text has no probability unless the BOS setting is on.')];
  return [
    l10n.t(
      'Probability here {0}, rank {1}; surprisal {2} bits (entropy {3})',
      numbers.percent(Math.exp(chance.logProb)),
      numbers.count(chance.rank),
      numbers.bits(-chance.logProb),
      numbers.bits(chance.entropy),
    ),
  ];
}

export function piecesTexts(pieces: number): string[] {
  if (pieces <= 1) return [];
  return [l10n.t('The model reads this character in {0} pieces; the numbers are their sums.', pieces)];
}

import { env, l10n } from 'vscode';
import type { TokenScore } from '../../protocol/results.ts';
import { chanceOf } from '../../text/chance.ts';
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

type Scored = Parameters<typeof chanceOf>[0][number];

/** Sentences on how probable the token was, and on what it is made of. */
export function chanceTexts(pieces: readonly Scored[]): string[] {
  if (pieces.length === 0) return [];
  const chance = chanceOf(pieces);
  if (!chance) return [l10n.t('The first token of a text has no probability unless the BOS setting is on.')];
  const probability = numbers.percent(Math.exp(chance.logProb));
  const bits = numbers.bits(-chance.logProb);
  if (!chance.whole) return [l10n.t('Probability here {0}; surprisal {1} bits', probability, bits)];
  return [
    l10n.t(
      'Probability here {0}, rank {1}; surprisal {2} bits (entropy {3})',
      probability,
      numbers.count(chance.whole.rank),
      bits,
      numbers.bits(chance.whole.entropy),
    ),
  ];
}

/**
 * What the numbers beside it are of a character that is read in pieces.
 * @param told which of them are told
 */
export function piecesTexts(pieces: number, told: { contribution: boolean; chance: boolean }): string[] {
  if (pieces <= 1) return [];
  const { contribution, chance } = told;
  if (contribution && chance) {
    return [
      l10n.t(
        'The model reads this character in {0} pieces: contribution and surprisal are their sums, the probability is their product.',
        pieces,
      ),
    ];
  }
  if (contribution) {
    return [l10n.t('The model reads this character in {0} pieces: the contribution is their sum.', pieces)];
  }
  if (chance) {
    return [
      l10n.t(
        'The model reads this character in {0} pieces: the surprisal is their sum, the probability their product.',
        pieces,
      ),
    ];
  }
  return [l10n.t('The model reads this character in {0} pieces.', pieces)];
}

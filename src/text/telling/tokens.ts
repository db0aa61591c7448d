import { isSigned } from '../../protocol/methods.ts';
import type { ExplainedTokens, TokenScore } from '../../protocol/results.ts';
import { chanceOf } from '../chance.ts';
import type { DisplayToken } from '../displayTokens.ts';
import { estimate } from '../estimate.ts';
import type { ShownWord } from '../words.ts';
import type { Prediction } from './prediction.ts';
import type { Telling } from './telling.ts';

/** What is known of single tokens of an explained text. */

/** A contribution's part of all movement, in either direction. @param movement see `movementOf` in level.ts */
export function shareText(score: number, movement: number, { numbers }: Pick<Telling, 'numbers'>): string {
  return numbers.percent(movement > 0 ? Math.abs(score) / movement : 0);
}

/** What a token's contribution did. */
export function contributionText(
  { score, standardError }: Pick<DisplayToken, 'score' | 'standardError'>,
  movement: number,
  { receipt, target, foil }: Prediction & Pick<ExplainedTokens, 'receipt'>,
  telling: Telling,
): string {
  const { say, numbers, quote } = telling;
  const told = [
    estimate(numbers, numbers.signed(score), standardError),
    shareText(score, movement, telling),
  ] as const;
  if (!isSigned(receipt.method))
    return say('{0} ({1} of all): how strongly the prediction reacts to it', ...told);
  if (score === 0) return say('It had no effect.');
  const wanted = quote(target);
  if (foil) {
    const pair = score > 0 ? [wanted, quote(foil)] : [quote(foil), wanted];
    return say('{0} ({1} of all): it spoke for {2} and not {3}', ...told, ...pair);
  }
  return score > 0
    ? say('{0} ({1} of all): it spoke for {2}', ...told, wanted)
    : say('{0} ({1} of all): it spoke against {2}', ...told, wanted);
}

/** The tokens that contributed most, strongest first, of those that contributed at all. */
export function strongestOf<T extends { score: number }>(tokens: readonly T[], most: number): T[] {
  return tokens
    .filter(({ score }) => score !== 0)
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, most);
}

/** The tokens of one side. */
export function sideOf<T extends { score: number }>(tokens: readonly T[], sign: 1 | -1): T[] {
  return tokens.filter(({ score }) => Math.sign(score) === sign);
}

/** The scores of a token's pieces; empty as long as they are not known. */
export type ScoresOf = (token: DisplayToken) => readonly TokenScore[];

/** Why a text's first token can be without a probability. */
export function unpredictedText({ say }: Pick<Telling, 'say'>): string {
  return say('The first token has no probability: without BOS, nothing stands in front of it.');
}

/** Sentences on how probable the token was. */
export function chanceTexts(pieces: Parameters<typeof chanceOf>[0], telling: Telling): string[] {
  const { say, numbers } = telling;
  if (pieces.length === 0) return [];
  const chance = chanceOf(pieces);
  if (!chance) return [unpredictedText(telling)];
  const probability = numbers.percent(Math.exp(chance.logProb));
  const bits = numbers.bits(-chance.logProb);
  if (!chance.whole) return [say('Probability here {0}; surprisal {1} bits', probability, bits)];
  const { rank, entropy } = chance.whole;
  return [
    say(
      'Probability here {0}, rank {1}; surprisal {2} bits (entropy {3})',
      ...[probability, numbers.count(rank), bits, numbers.bits(entropy)],
    ),
  ];
}

/** How probable a word was, of which a token is a part. */
export function wordText(word: Pick<ShownWord, 'text' | 'logProb'>, telling: Telling): string {
  const { say, numbers, quote } = telling;
  if (word.logProb === null) return '';
  return say(
    'The word {0}: probability {1}; surprisal {2} bits, corrected for where words end',
    quote({ text: shortened(word.text.trimStart()) }),
    numbers.percent(Math.exp(word.logProb)),
    numbers.bits(-word.logProb),
  );
}

/** Characters of a word or a group that are named. */
const mostNamed = 60;

export function shortened(text: string): string {
  const characters = [...text];
  return characters.length > mostNamed ? `${characters.slice(0, mostNamed).join('')}…` : text;
}

/** What the contribution is of, where it is not that of the token alone. */
export function segmentText(
  { isSegment, pieces }: Pick<DisplayToken, 'isSegment' | 'pieces'>,
  { say, numbers }: Pick<Telling, 'say' | 'numbers'>,
): string[] {
  if (!isSegment) return [];
  return [
    say(
      'The contribution is that of a part of the text with {0} tokens, taken as a whole.',
      numbers.count(pieces),
    ),
  ];
}

/**
 * Says what the numbers of a character in several pieces are.
 * @param told which of the numbers are shown
 */
export function piecesTexts(
  pieces: number,
  { contribution, chance }: { contribution: boolean; chance: boolean },
  { say }: Pick<Telling, 'say'>,
): string[] {
  if (pieces <= 1) return [];
  if (contribution && chance) {
    return [
      say(
        'The model reads this character in {0} pieces: contribution and surprisal are their sums, the probability is their product.',
        pieces,
      ),
    ];
  }
  if (contribution) {
    return [say('The model reads this character in {0} pieces: the contribution is their sum.', pieces)];
  }
  if (chance) {
    return [
      say(
        'The model reads this character in {0} pieces: the surprisal is their sum, the probability their product.',
        pieces,
      ),
    ];
  }
  return [say('The model reads this character in {0} pieces.', pieces)];
}

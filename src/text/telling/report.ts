import { isSigned } from '../../protocol/methods.ts';
import type { PartialExplanation } from '../../protocol/results.ts';
import { chanceOf } from '../chance.ts';
import type { DisplayToken } from '../displayTokens.ts';
import { estimate } from '../estimate.ts';
import { movementOf } from '../level.ts';
import { markedText } from '../markedText.ts';
import { sides, title } from './prediction.ts';
import { explainReceiptFacts } from './receipt.ts';
import { sumFacts } from './sums.ts';
import type { Telling, ToldFact } from './telling.ts';
import {
  chanceTexts,
  piecesTexts,
  type ScoresOf,
  segmentText,
  shareText,
  sideOf,
  strongestOf,
} from './tokens.ts';

/** All that is known of an explained text in words: for a screen reader, for the clipboard. Plain text, not escaped. */
export interface Report {
  title: string;
  remarks: readonly string[];
  /** The text itself with its contributions, in HTML that Markdown may hold, and what its marks say. */
  marked: { html: string; notes: string[] };
  /** The tokens that moved the prediction most, strongest first; one part per direction. */
  strongest: { heading: string; tokens: ReportToken[] }[];
  /** In the order of the text. */
  tokens: ReportToken[];
  /** Σ and what it has to equal. */
  sums: ToldFact[];
  receipt: ToldFact[];
}

export interface ReportToken {
  /** Its number in the explained text, from 1 on. */
  place: number;
  score: number;
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

export function reportOf(
  explanation: PartialExplanation,
  shown: readonly DisplayToken[],
  scoresOf: ScoresOf,
  remarks: readonly string[],
  telling: Telling,
): Report {
  const movement = movementOf(shown);
  const tokens = shown.map((token, index) => ({
    ...{ place: index + 1, score: token.score, text: telling.quote(token) },
    contribution: estimate(telling.numbers, telling.numbers.signed(token.score), token.standardError),
    share: shareText(token.score, movement, telling),
    ...chanceOfToken(token, scoresOf(token), telling),
  }));
  return {
    ...{ title: title(explanation, telling), remarks, tokens },
    marked: marked(explanation, shown, telling),
    strongest: strongest(explanation, tokens, telling),
    sums: sumFacts(explanation, telling),
    receipt: explainReceiptFacts(explanation, telling),
  };
}

function marked(
  explanation: PartialExplanation,
  shown: readonly DisplayToken[],
  telling: Telling,
): Report['marked'] {
  const { say, numbers } = telling;
  const meaning = sides(explanation, telling);
  const read = (score: number) => (meaning ? numbers.signed(score) : numbers.amount(score));
  const magnitude = (score: number) => (meaning ? score : Math.abs(score));
  return {
    html: markedText(
      shown.map(({ text, score }) => ({ text, score: magnitude(score), amount: read(score) })),
    ),
    notes: [
      say('Bold: {0}', meaning?.for ?? say('moves the prediction')),
      ...(meaning ? [say('Italic: {0}', meaning.against)] : []),
      say('Raised numbers: contributions'),
    ],
  };
}

function chanceOfToken(
  token: DisplayToken,
  scores: ReturnType<ScoresOf>,
  telling: Telling,
): Pick<ReportToken, 'notes' | 'chance'> {
  const { numbers } = telling;
  // What is known of probabilities is that of single tokens.
  if (token.isSegment) return { notes: segmentText(token, telling), chance: null };
  const { pieces } = token;
  const chance = chanceOf(scores);
  const told = { contribution: true, chance: chance !== null };
  return {
    notes: [...chanceTexts(scores, telling), ...piecesTexts(pieces, told, telling)],
    chance: chance && {
      probability: numbers.percent(Math.exp(chance.logProb)),
      rank: chance.whole && numbers.count(chance.whole.rank),
      surprisal: numbers.bits(-chance.logProb),
    },
  };
}

function strongest(
  explanation: PartialExplanation,
  tokens: readonly ReportToken[],
  telling: Telling,
): Report['strongest'] {
  return parts(explanation, tokens, telling)
    .map(({ heading, tokens }) => ({ heading, tokens: strongestOf(tokens, strongestTokens) }))
    .filter(({ tokens }) => tokens.length > 0);
}

function parts(
  { receipt, target, foil }: PartialExplanation,
  tokens: readonly ReportToken[],
  { say, quote }: Telling,
) {
  if (!isSigned(receipt.method)) return [{ heading: say('What moves the prediction most'), tokens }];
  const against = foil
    ? say('What spoke most for {0}', quote(foil))
    : say('What spoke most against {0}', quote(target));
  return [
    { heading: say('What spoke most for {0}', quote(target)), tokens: sideOf(tokens, 1) },
    { heading: against, tokens: sideOf(tokens, -1) },
  ];
}

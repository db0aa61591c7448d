import { disagreements, secondOpinion } from '../../text/disagreement.ts';
import type { DisplayToken } from '../../text/displayTokens.ts';
import type { TokenGroup } from '../../text/granularity.ts';
import { byToken } from '../../text/granularity.ts';
import { hatchText, oppositeText } from '../../text/telling/disagreement.ts';
import { telling } from '../telling.ts';
import type { ExplainedText } from './explainedText.ts';

/** Where the second opinion that comes with the evidence has the opposite sign. */

interface Opposed {
  /** What is coloured as one: of each, whether the signs are opposite. */
  isOpposed: boolean[];
  /** What f loses without each. */
  losses: number[];
}

export function opposed(explained: ExplainedText, groups: readonly TokenGroup[]): Opposed | null {
  const opinion = opinionOn(explained);
  if (!opinion) return null;
  const { tokens } = explained;
  const ofToken = tokens.map((token) =>
    piecesOf(token).reduce((sum, at) => sum + (opinion.losses[at] ?? 0), 0),
  );
  const losses = groups.map(({ tokens: members }) =>
    members.reduce((sum, member) => sum + ofToken[member]!, 0),
  );
  const own = groups.map(({ tokens: members, score }) => ({
    score,
    standardError: members.reduce((sum, member) => sum + (tokens[member]!.standardError ?? 0), 0),
  }));
  const isOpposed = disagreements(
    own,
    losses.map((score) => ({ score })),
  );
  return { isOpposed, losses };
}

/** What the hatching of its tokens means; null where nothing is hatched. */
export function hatchTextOn(explained: ExplainedText): string | null {
  const opinion = opinionOn(explained);
  const known = opposed(explained, byToken(explained.tokens));
  if (!opinion || !known || !explained.explanation) return null;
  const count = known.isOpposed.filter((one) => one).length;
  return hatchText(count, opinion, explained.explanation.receipt.baseline, telling);
}

/** What is said of one token; null where the signs are not opposite. */
export function oppositeTextOn(explained: ExplainedText, token: DisplayToken): string | null {
  const opinion = opinionOn(explained);
  const known = opposed(explained, byToken(explained.tokens));
  const at = explained.tokens.indexOf(token);
  if (!opinion || !known?.isOpposed[at] || !explained.explanation) return null;
  return oppositeText(known.losses[at]!, opinion, explained.explanation.receipt.baseline, telling);
}

function opinionOn({ explanation, evidence }: ExplainedText) {
  return explanation && evidence && secondOpinion(explanation, evidence.removals);
}

function piecesOf({ first, pieces }: DisplayToken): number[] {
  return Array.from({ length: pieces }, (_, piece) => first + piece);
}

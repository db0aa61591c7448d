import { isSigned } from '../protocol/methods.ts';
import type { PartialExplanation, RemovalEvidence } from '../protocol/results.ts';
import { largestOf, levels } from './level.ts';

/** Where two methods give the same thing opposite signs. */

interface Score {
  score: number;
  /** Where it is an estimate. */
  standardError?: number | undefined;
}

/** A smaller part of a method's largest score has no colour (`levelOf`), so that there is no sign that one could see. */
const least = 0.5 / levels;
/** Standard errors on each side of 0 within which a sign may be chance: the 95 % interval. */
const noise = 1.96;

/**
 * Both scores must be seen and beyond their noise: two signs of what is nearly nothing are no disagreement.
 * @returns of two methods' scores of the same things, which have opposite signs
 */
export function disagreements(first: readonly Score[], second: readonly Score[]): boolean[] {
  const mosts = [largestOf(first), largestOf(second)] as const;
  const signOf = ({ score, standardError = 0 }: Score, most: number) =>
    Math.abs(score) >= least * most && Math.abs(score) > noise * standardError ? Math.sign(score) : 0;
  return first.map((one, at) => {
    const other = second[at];
    return other !== undefined && signOf(one, mosts[0]) * signOf(other, mosts[1]) < 0;
  });
}

/** The second opinion that comes with the evidence: what f loses without each token alone, which is occlusion. */
export interface SecondOpinion extends Pick<RemovalEvidence, 'removal'> {
  /** Per token of the explanation. */
  losses: readonly number[];
}

/** Null where there is no sign, or where the contributions are those of parts, which are not removed here. */
export function secondOpinion(
  explanation: Pick<PartialExplanation, 'receipt' | 'segments'>,
  removals: readonly RemovalEvidence[],
): SecondOpinion | null {
  const { receipt, segments } = explanation;
  if (!isSigned(receipt.method) || (segments && segments.length > 0)) return null;
  const own = ownRemoval(receipt);
  const { removal, losses } = removals.find((one) => one.removal !== own) ?? {};
  return removal && losses ? { removal, losses } : null;
}

/** Whoever removes in the same way one by one would only agree with itself. */
function ownRemoval(receipt: PartialExplanation['receipt']) {
  if (receipt.method === 'sequential-integrated-gradients') return 'baseline';
  return receipt.method === 'occlusion' ? receipt.removal : null;
}

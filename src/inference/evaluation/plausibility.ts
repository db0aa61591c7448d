/**
 * How well scores find tokens that are known to be the evidence. It says whether an explanation is what a person expects,
 * not whether it is what the model did (Jacovi and Goldberg 2020).
 */
import type { Plausibility } from '../../protocol/results.ts';

/**
 * Reciprocal rank of the first evidence token, the part of the positive scores that is on evidence tokens, and average
 * precision, all by the score with its sign: evidence speaks for the target. Equal scores share the mean of their ranks.
 * @param evidence indices of tokens, at least one
 */
export function plausibilityOf(scores: ArrayLike<number>, evidence: ReadonlySet<number>): Plausibility {
  const all = Array.from(scores as ArrayLike<number>);
  const rank = (token: number) => {
    const own = all[token]!;
    const ahead = all.filter((score) => score > own).length;
    const equal = all.filter((score) => score === own).length;
    return ahead + (equal + 1) / 2;
  };
  const positive = all.map((score) => Math.max(0, score));
  const sum = (tokens: Iterable<number>) => [...tokens].reduce((total, token) => total + positive[token]!, 0);
  const mass = sum(all.keys());
  const ranks = [...evidence].map(rank).sort((a, b) => a - b);
  const precisions = ranks.map((own) => ranks.filter((other) => other <= own).length / own);
  return {
    reciprocalRank: 1 / ranks[0]!,
    mass: mass > 0 ? sum(evidence) / mass : 0,
    averagePrecision: precisions.reduce((total, one) => total + one, 0) / precisions.length,
  };
}

/** What a random order reaches on average. */
export function chancePlausibility(tokens: number, evidence: number): Plausibility {
  // The first evidence token has the rank r where r − 1 others come first: C(n − r, k − 1) / C(n, k).
  let [reciprocalRank, isFirst] = [0, evidence / tokens];
  for (let rank = 1; rank <= tokens - evidence + 1; rank++) {
    reciprocalRank += isFirst / rank;
    isFirst *= (tokens - rank - evidence + 1) / (tokens - rank);
  }
  return {
    reciprocalRank,
    mass: evidence / tokens,
    averagePrecision: chancePrecision(tokens, evidence),
  };
}

/** The mean over ranks of the precision that is to be expected where an evidence token stands. */
function chancePrecision(tokens: number, evidence: number): number {
  let sum = 0;
  for (let rank = 1; rank <= tokens; rank++) {
    const before = tokens > 1 ? ((rank - 1) * (evidence - 1)) / (tokens - 1) : 0;
    sum += (1 + before) / rank;
  }
  return sum / tokens;
}

/**
 * Shapley values by enumeration (Shapley 1953; Lundberg & Lee 2017, equation 4):
 * φ_i = Σ_S |S|! (n − |S| − 1)! / n! · [v(S ∪ i) − v(S)] over all coalitions S without i.
 */
import type { Game } from './game.ts';
import type { Refine, Remainder } from './method.ts';
import type { PlayedOut } from './playedOut.ts';
import { marginals } from './shapleyPermutation.ts';

/** @param refine takes the mean over two orders first */
export async function exactShapley(
  game: Game,
  refine: Refine,
): Promise<PlayedOut & { values: readonly number[] }> {
  const n = game.players.length;
  const order = game.all;
  const [first] = await marginals(game, [[order, order.toReversed()]], 0);
  if (first && n > 2) {
    const { scores, ...ends } = first;
    refine(scores, ends);
  }

  const sets = Array.from({ length: 2 ** n }, (_, absent) =>
    order.filter((player) => (absent >> player) & 1),
  );
  const remainders = await game.values(sets);
  const values = remainders.map(({ value }) => value);
  const weights = coalitionWeights(n);
  const scores = new Float64Array(n);
  const variances = new Float64Array(n);
  for (const [absent, set] of sets.entries()) {
    // The coalition is everybody else; it counts with one sign for who is absent and with the other for who is there.
    const present = n - set.length;
    const { value, standardError } = remainders[absent] as Remainder;
    for (const player of order) {
      const isAbsent = (absent >> player) & 1;
      const weight = isAbsent ? -(weights[present] as number) : (weights[present - 1] as number);
      scores[player] = (scores[player] as number) + weight * value;
      variances[player] = (variances[player] as number) + (weight * (standardError ?? 0)) ** 2;
    }
  }
  return {
    scores,
    // As if the texts for different sets were drawn independently.
    ...(game.draws && { standardErrors: variances.map(Math.sqrt) }),
    value: values[0] as number,
    baselineValue: values.at(-1) as number,
    values,
  };
}

/** By |S|: |S|! (n − |S| − 1)! / n!. */
function coalitionWeights(n: number): number[] {
  const weights = [1 / n];
  for (let size = 1; size < n; size++) weights.push(((weights[size - 1] as number) * size) / (n - size));
  return weights;
}

/**
 * Shapley values as means over random orders of the players (Castro et al. 2009): each player gets by how much the value
 * changes when it joins those before it. Every order is also gone through backwards (antithetic sampling, Mitchell et
 * al. 2022), and such a pair counts as one sample. The differences of one order sum up to v(all) − v(none), so every
 * estimate does.
 *
 * With orders in which the tokens of a line, and in it those of a word, stay together, the means are Owen values (Owen
 * 1977).
 */
import { Estimate } from './estimate.ts';
import type { Absent, Game } from './game.ts';
import type { Refine, Remainder } from './method.ts';
import { type Effort, isExactEnough, type PlayedOut } from './playedOut.ts';

type Order = readonly number[];
type Pair = readonly [Order, Order];

/** A standard error over fewer samples than this says too little to stop by. */
const fewestSamples = 8;

export async function permutationShapley(
  game: Game,
  nextOrder: () => Order,
  { masks, tolerance }: Effort,
  refine: Refine,
): Promise<PlayedOut> {
  const n = game.players.length;
  const most = Math.max(2, Math.floor(masks / (2 * (n - 1))));
  const scores = new Estimate(n);
  const ends = new Estimate(2);
  const soFar = (): PlayedOut => {
    const [value, baselineValue] = ends.mean as unknown as [number, number];
    const { mean, standardErrors } = scores;
    return { scores: mean, ...(standardErrors && { standardErrors }), value, baselineValue };
  };
  while (scores.samples < most) {
    const batch = Math.min(Math.max(1, scores.samples), most - scores.samples);
    const pairs = Array.from({ length: batch }, (): Pair => {
      const order = nextOrder();
      return [order, order.toReversed()];
    });
    for (const sample of await marginals(game, pairs, scores.samples)) {
      scores.add(sample.scores);
      ends.add([sample.value, sample.baselineValue]);
    }
    const result = soFar();
    if (scores.samples >= fewestSamples && isExactEnough(result, tolerance)) break;
    if (scores.samples < most) {
      const { value, baselineValue, standardErrors } = result;
      refine(result.scores, { value, baselineValue }, standardErrors);
    }
  }
  return soFar();
}

/**
 * By how much the value changes with each player, as a mean over each pair of orders.
 * @param first the first pair's number: where the removal draws texts, each pair has its own
 */
export async function marginals(game: Game, pairs: readonly Pair[], first: number): Promise<PlayedOut[]> {
  const sets = pairs.map((pair) => pair.flatMap(setsAlong));
  if (!game.draws) {
    const values = await game.values(sets.flat());
    return pairs.map((pair) => meanOf(pair, values.splice(0, 2 * (game.players.length + 1))));
  }
  const samples: PlayedOut[] = [];
  for (const [at, pair] of pairs.entries()) {
    samples.push(meanOf(pair, await game.values(sets[at] as Absent[], first + at)));
  }
  return samples;
}

/** Who is absent, from everybody to nobody. */
const setsAlong = (order: Order): Absent[] =>
  Array.from({ length: order.length + 1 }, (_, joined) => order.slice(joined));

function meanOf(pair: Pair, values: readonly Remainder[]): PlayedOut {
  const n = pair[0].length;
  const scores = new Float64Array(n);
  for (const [which, order] of pair.entries()) {
    for (const [joined, player] of order.entries()) {
      const at = which * (n + 1) + joined;
      const gain = (values[at + 1] as Remainder).value - (values[at] as Remainder).value;
      scores[player] = (scores[player] as number) + gain / 2;
    }
  }
  return { scores, value: (values[n] as Remainder).value, baselineValue: (values[0] as Remainder).value };
}

/**
 * Shapley values by regression (KernelSHAP: Lundberg & Lee 2017, theorem 2): the additive model that is closest to v over
 * coalitions drawn by the Shapley kernel, and that is exact for nobody and for everybody. Coalitions are drawn in pairs of
 * complements (Covert & Lee 2021), for which only the difference v(S) − v(Sᶜ) matters. One player is eliminated by the
 * constraint, so that the scores always sum up to v(all) − v(none).
 */
import { someOf } from './draws.ts';
import type { Game } from './game.ts';
import { Cholesky } from './linear.ts';
import type { Refine, Remainder } from './method.ts';
import { type Effort, isExactEnough, type PlayedOut } from './playedOut.ts';

/** Keeps the equations solvable as long as there are too few coalitions for them. */
const ridge = 1e-10;

interface Sample {
  /** For every player but the last: its presence less the last one's. */
  x: Float64Array;
  /** What these players have to explain. */
  y: number;
}

export async function kernelShapley(
  game: Game,
  uniform: () => number,
  { masks, tolerance }: Effort,
  refine: Refine,
): Promise<PlayedOut> {
  const n = game.players.length;
  const most = Math.max(n + 1, Math.floor(masks / 2));
  const [whole, none] = (await game.values([[], game.all])) as [Remainder, Remainder];
  const ends = { value: whole.value, baselineValue: none.value };
  const size = sizeOfCoalition(n, uniform);
  const samples: Sample[] = [];
  for (let batch = 2 * n; ; batch = samples.length) {
    const coalitions = Array.from({ length: Math.min(batch, most - samples.length) }, () =>
      someOf(n, size(), uniform),
    );
    samples.push(...(await differences(game, coalitions, ends)));
    const fitted = regress(n, samples, ends);
    // What f without all tokens is uncertain by, where texts are drawn for it, is shared by all players.
    const shared = (none.standardError ?? 0) / n;
    const standardErrors = fitted.standardErrors?.map((error) => Math.hypot(error, shared));
    const result = { ...fitted, ...(standardErrors && { standardErrors }), ...ends };
    const isEnough = result.standardErrors !== undefined && isExactEnough(result, tolerance);
    if (isEnough || samples.length >= most) return result;
    refine(result.scores, ends, result.standardErrors);
  }
}

/** Draws sizes k with a probability in proportion to 1 / (k (n − k)): the kernel's weight of all coalitions of a size. */
function sizeOfCoalition(n: number, uniform: () => number): () => number {
  const weights = Array.from({ length: n - 1 }, (_, at) => 1 / ((at + 1) * (n - at - 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let left = uniform() * total;
    for (const [at, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return at + 1;
    }
    return n - 1;
  };
}

async function differences(
  game: Game,
  coalitions: readonly (readonly number[])[],
  { value, baselineValue }: { value: number; baselineValue: number },
): Promise<Sample[]> {
  const n = game.players.length;
  const complements = coalitions.map((present) => {
    const left = new Set(present);
    return game.all.filter((player) => !left.has(player));
  });
  const values = await game.values([...complements, ...coalitions]);
  return coalitions.map((present, at) => {
    const [own, other] = [values[at], values[at + coalitions.length]] as [Remainder, Remainder];
    const isPresent = new Float64Array(n);
    for (const player of present) isPresent[player] = 1;
    const last = isPresent[n - 1] as number;
    return {
      x: isPresent.subarray(0, n - 1).map((one) => one - last),
      y: (own.value - other.value) / 2 - (last - 0.5) * (value - baselineValue),
    };
  });
}

/** Least squares, and standard errors that hold whatever the residuals' spread is (White 1980). */
function regress(
  n: number,
  samples: readonly Sample[],
  { value, baselineValue }: { value: number; baselineValue: number },
): Pick<PlayedOut, 'scores' | 'standardErrors'> {
  const p = n - 1;
  const gram = new Float64Array(p * p);
  const moments = new Float64Array(p);
  for (const { x, y } of samples) {
    for (let i = 0; i < p; i++) {
      if (x[i] === 0) continue;
      moments[i] = (moments[i] as number) + (x[i] as number) * y;
      for (let j = 0; j < p; j++)
        gram[i * p + j] = (gram[i * p + j] as number) + (x[i] as number) * (x[j] as number);
    }
  }
  for (let i = 0; i < p; i++) gram[i * (p + 1)] = (gram[i * (p + 1)] as number) + ridge * samples.length;
  const solver = new Cholesky(gram, p);
  const first = solver.solve(moments);
  const sum = first.reduce((total, one) => total + one, 0);
  const scores = Float64Array.of(...first, value - baselineValue - sum);
  const m = samples.length;
  if (m <= p) return { scores };
  const variances = new Float64Array(n);
  for (const { x, y } of samples) {
    const residual = x.reduce((left, one, i) => left - one * (first[i] as number), y);
    const influence = solver.solve(x);
    let last = 0;
    for (let i = 0; i < p; i++) {
      const moved = (influence[i] as number) * residual;
      variances[i] = (variances[i] as number) + moved ** 2;
      last -= moved;
    }
    variances[p] = (variances[p] as number) + last ** 2;
  }
  return { scores, standardErrors: variances.map((variance) => Math.sqrt((variance * m) / (m - p))) };
}

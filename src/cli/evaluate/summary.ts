/** From answers about examples to means with intervals, and to differences between methods on the same examples. */
import { uniformNumbers } from '../../inference/attribution/noise.ts';
import type { Removal } from '../../protocol/methods.ts';
import type { Evaluated, Plausibility } from '../../protocol/results.ts';

export const measures = [
  'comprehensiveness',
  'normalised comprehensiveness',
  'sufficiency',
  'normalised sufficiency',
  'soft comprehensiveness',
  'soft sufficiency',
  'LDS',
  'leave-one-out τ',
  'reciprocal rank',
  'mass',
  'average precision',
  'converged',
] as const;
export type Measure = (typeof measures)[number];

/** Small is good; everywhere else large is. */
export const isCost = (measure: Measure): boolean =>
  measure === 'sufficiency' || measure === 'soft sufficiency';

export interface Row {
  method: string;
  measure: Measure;
  /** Null for measures that remove nothing. */
  removal: Removal | null;
  mean: number;
  /** The middle 95 % of the means of other draws of the examples. */
  low: number;
  high: number;
  /** Examples. */
  n: number;
  /** What a random order reaches, and what is the best; null where there is no such thing. */
  floor: number | null;
  ceiling: number | null;
}

/** `first` − `second` on the examples that both explain. */
export interface Pair {
  first: string;
  second: string;
  measure: Measure;
  removal: Removal | null;
  mean: number;
  low: number;
  high: number;
  n: number;
}

interface Value {
  value: number;
  floor: number | null;
  ceiling: number | null;
}

type Answer = Evaluated['methods'][number];

/** All values of one method on one example. */
function* valuesOf(
  answer: Answer,
  chance: Plausibility | null,
): Generator<{ measure: Measure; removal: Removal | null } & Value> {
  for (const { removal, comprehensiveness, sufficiency, lds, leaveOneOut } of answer.removals) {
    const areas = { comprehensiveness, sufficiency };
    for (const [name, { value, floor, ceiling, normalised }] of Object.entries(areas)) {
      yield { measure: name as 'sufficiency', removal, value, floor, ceiling };
      const between = { floor: 0, ceiling: 1 };
      if (normalised !== null)
        yield { measure: `normalised ${name as 'sufficiency'}`, removal, value: normalised, ...between };
    }
    const correlation = { removal, floor: 0, ceiling: 1 };
    if (lds !== null) yield { measure: 'LDS', value: lds, ...correlation };
    if (leaveOneOut !== null) yield { measure: 'leave-one-out τ', value: leaveOneOut, ...correlation };
  }
  const { plausibility, converged, soft } = answer;
  const thinned = { removal: null, floor: soft.floor, ceiling: null };
  yield { measure: 'soft comprehensiveness', value: soft.comprehensiveness, ...thinned };
  yield { measure: 'soft sufficiency', value: soft.sufficiency, ...thinned };
  if (plausibility && chance) {
    const told = [
      ['reciprocal rank', 'reciprocalRank'],
      ['mass', 'mass'],
      ['average precision', 'averagePrecision'],
    ] as const;
    for (const [measure, key] of told)
      yield { measure, removal: null, value: plausibility[key], floor: chance[key], ceiling: 1 };
  }
  if (converged !== null)
    yield { measure: 'converged', removal: null, value: Number(converged), floor: null, ceiling: 1 };
}

/** By example; undefined where the method has no such value there. */
type Column = (Value | undefined)[];

/** @param seed of the draws of examples */
export function summarise(answers: readonly Evaluated[], seed: number): { rows: Row[]; pairs: Pair[] } {
  const columns = new Map<
    string,
    { method: string; measure: Measure; removal: Removal | null; of: Column }
  >();
  for (const [example, { methods, chance }] of answers.entries()) {
    for (const answer of methods) {
      for (const { measure, removal, ...value } of valuesOf(answer, chance)) {
        const key = JSON.stringify([answer.method, measure, removal]);
        const column = columns.get(key) ?? { method: answer.method, measure, removal, of: [] };
        column.of[example] = value;
        columns.set(key, column);
      }
    }
  }
  const order = (one: { measure: Measure }) => measures.indexOf(one.measure);
  const all = [...columns.values()].sort((a, b) => order(a) - order(b));
  const rows = all.map(({ of, ...about }) => {
    const known = of.filter((one) => one !== undefined);
    return {
      ...about,
      ...interval(
        known.map(({ value }) => value),
        seed,
      ),
      floor: meanOrNull(known.map(({ floor }) => floor)),
      ceiling: meanOrNull(known.map(({ ceiling }) => ceiling)),
    };
  });
  const pairs = all.flatMap((first, at) =>
    all.slice(at + 1).flatMap((second) => {
      const { measure, removal } = first;
      if (second.measure !== measure || second.removal !== removal) return [];
      const differences = first.of.flatMap((one, example) => {
        const other = second.of[example];
        return one && other ? [one.value - other.value] : [];
      });
      if (differences.length === 0) return [];
      const between = { first: first.method, second: second.method, measure, removal };
      return [{ ...between, ...interval(differences, seed) }];
    }),
  );
  return { rows, pairs };
}

const resamples = 2000;

/** The mean, and the percentile bootstrap over examples (Efron 1979). */
function interval(values: readonly number[], seed: number): Pick<Row, 'mean' | 'low' | 'high' | 'n'> {
  const n = values.length;
  const meanOf = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const uniform = uniformNumbers(seed);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[Math.floor(uniform() * n)]!;
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (part: number) => means[Math.round(part * (resamples - 1))]!;
  return { mean: meanOf(values), low: at(0.025), high: at(0.975), n };
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
}

/** Runs programs and gives their outputs as JavaScript's numbers. */
import type { Feeds, Program } from './backend.ts';
import type { Tensor } from './tensors.ts';

/** By output: float32 values unchanged, int64 values as numbers. */
export type Fetched<Floats extends string, Integers extends string = never> = Record<Floats, Float32Array> &
  Record<Integers, number[]>;

/**
 * Runs a program for some of its outputs; the others are not copied.
 * @param floats names of float32 outputs
 * @param integers names of int64 outputs, none beyond ±2⁵³
 */
export async function fetch<Floats extends string, Integers extends string = never>(
  program: Program,
  feeds: Feeds,
  floats: readonly Floats[],
  integers: readonly Integers[] = [],
): Promise<Fetched<Floats, Integers>> {
  return inNumbers(await program.run(feeds, [...floats, ...integers]), floats, integers);
}

/**
 * The same for a graph that was cut into stages.
 * @param between is waited for between two stages, and can end it all
 */
export async function fetchInStages<Floats extends string, Integers extends string = never>(
  stages: readonly Program[],
  feeds: Feeds,
  names: { floats: readonly Floats[]; integers: readonly Integers[] },
  between: () => Promise<void>,
): Promise<Fetched<Floats, Integers>> {
  const known: Record<string, Tensor> = { ...feeds };
  const wanted = new Set<string>([...names.floats, ...names.integers]);
  for (const [index, stage] of stages.entries()) {
    if (index > 0) await between();
    const later = new Set(stages.slice(index + 1).flatMap(({ inputNames }) => inputNames));
    const inputs = stage.inputNames.map((name) => [name, known[name] as Tensor]);
    const outputs = stage.outputNames.filter((name) => wanted.has(name) || later.has(name));
    Object.assign(known, await stage.run(Object.fromEntries(inputs), outputs));
  }
  return inNumbers(known, names.floats, names.integers);
}

function inNumbers<Floats extends string, Integers extends string>(
  results: Readonly<Record<string, Tensor>>,
  floats: readonly Floats[],
  integers: readonly Integers[],
): Fetched<Floats, Integers> {
  const dataOf = (name: string, type: 'float32' | 'int64') => {
    const tensor = results[name];
    if (tensor?.type !== type) throw new TypeError(`output ${name} is ${tensor?.type}, not ${type}`);
    return tensor.type === 'float32' ? tensor.data : Array.from(tensor.data, Number);
  };
  return Object.fromEntries([
    ...floats.map((name) => [name, dataOf(name, 'float32')]),
    ...integers.map((name) => [name, dataOf(name, 'int64')]),
  ]);
}

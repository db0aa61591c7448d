/** Runs programs and gives their outputs as JavaScript's numbers. */
import type { Feeds, Program } from './backend.ts';

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
  const results = await program.run(feeds, [...floats, ...integers]);
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

/** JavaScript arrays ↔ tensors. The arrays are not copied on the way in; what comes out is a fresh copy. */
import type { Ort, Session, Tensor } from './runtime.ts';

export function floats(ort: Ort, data: Float32Array, dims: readonly number[]): Tensor {
  return new ort.Tensor('float32', data, dims);
}

export function integers(ort: Ort, data: readonly number[]): Tensor {
  const values = BigInt64Array.from(data, BigInt);
  return new ort.Tensor('int64', values, [values.length]);
}

/** from, from + 1, … below `to`. */
export function range(ort: Ort, from: number, to: number): Tensor {
  return integers(
    ort,
    Array.from({ length: to - from }, (_, index) => from + index),
  );
}

export type Fetched<Name extends string> = Record<Name, Float32Array>;

/** Runs a session for some of its outputs; only those are copied out. int64 outputs become numbers. */
export async function fetch<Name extends string>(
  session: Session,
  feeds: Record<string, Tensor>,
  names: readonly Name[],
): Promise<Fetched<Name>> {
  const results = await session.run(feeds, names as readonly string[]);
  const entries = names.map((name) => {
    const data = (results[name] as Tensor).data;
    return [name, data instanceof BigInt64Array ? Float32Array.from(data, Number) : data];
  });
  return Object.fromEntries(entries);
}

/** Tensors as plain data: what a program takes and gives, whichever backend runs it. */

export type Tensor = FloatTensor | IntegerTensor;

export interface FloatTensor {
  readonly type: 'float32';
  readonly dims: readonly number[];
  /** Row-major, as many as `dims` say. */
  readonly data: Float32Array;
}

export interface IntegerTensor {
  readonly type: 'int64';
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}

/** @param data is not copied */
export function floats(data: Float32Array, dims: readonly number[]): FloatTensor {
  return { type: 'float32', dims, data };
}

/** A vector. */
export function integers(data: readonly number[]): IntegerTensor {
  const values = BigInt64Array.from(data, BigInt);
  return { type: 'int64', dims: [values.length], data: values };
}

/** from, from + 1, … below `to`. */
export function range(from: number, to: number): IntegerTensor {
  return integers(Array.from({ length: to - from }, (_, index) => from + index));
}

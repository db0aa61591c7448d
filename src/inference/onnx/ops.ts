/**
 * The ONNX operators that the graphs use, each checking the shapes it is given (onnx.ai/onnx/operators;
 * `com.microsoft`: onnxruntime's ContribOperators.md).
 */
import { broadcast, type Dim, product, type Shape, sameShape, showShape, sum } from './dims.ts';
import type { ElementType, Graph, Value } from './graph.ts';

function refuse(op: string, ...values: Value[]): never {
  throw new TypeError(`${op} does not take ${values.map((value) => showShape(value.shape)).join(' and ')}`);
}

function elementwise(g: Graph, op: string, a: Value, b: Value, type: ElementType = a.type): Value {
  if (a.type !== b.type) throw new TypeError(`${op} of ${a.type} and ${b.type}`);
  return g.node(op, [a, b], { type, shape: broadcast(a.shape, b.shape) });
}

export const add = (g: Graph, a: Value, b: Value) => elementwise(g, 'Add', a, b);
export const sub = (g: Graph, a: Value, b: Value) => elementwise(g, 'Sub', a, b);
export const mul = (g: Graph, a: Value, b: Value) => elementwise(g, 'Mul', a, b);
export const maximum = (g: Graph, a: Value, b: Value) => elementwise(g, 'Max', a, b);
export const div = (g: Graph, a: Value, b: Value) => elementwise(g, 'Div', a, b);
export const greater = (g: Graph, a: Value, b: Value) => elementwise(g, 'Greater', a, b, 'bool');
export const equal = (g: Graph, a: Value, b: Value) => elementwise(g, 'Equal', a, b, 'bool');
/** x · s for a number s. */
export const scale = (g: Graph, x: Value, factor: number) => mul(g, x, g.float(factor));

const unary = (op: string) => (g: Graph, x: Value) => g.node(op, [x], x);
export const sigmoid = unary('Sigmoid');
export const relu = unary('Relu');
export const erf = unary('Erf');
export const exp = unary('Exp');
export const log = unary('Log');
export const abs = unary('Abs');
export const sqrt = unary('Sqrt');

export function cast(g: Graph, x: Value, to: 'float'): Value {
  return g.node('Cast', [x], { type: to, shape: x.shape }, { to: 1 });
}

export function where(g: Graph, condition: Value, a: Value, b: Value): Value {
  return g.node('Where', [condition, a, b], {
    type: a.type,
    shape: broadcast(condition.shape, broadcast(a.shape, b.shape)),
  });
}

/** `[N, K] · [K, M]`, or `[N, K] · [M, K]ᵀ` with `transposeB`, plus a bias `[M]`. */
export function gemm(g: Graph, a: Value, b: Value, bias: Value | null, transposeB = false): Value {
  const [rows, inner] = a.shape;
  const [bInner, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== bInner) refuse('Gemm', a, b);
  if (bias && !sameShape(bias.shape, [columns as Dim])) refuse('Gemm bias', bias);
  const output = { type: a.type, shape: [rows as Dim, columns as Dim] };
  return g.node('Gemm', bias ? [a, b, bias] : [a, b], output, transposeB ? { transB: 1 } : {});
}

/** How an operand of {@link matmul} lies in memory. */
export interface Operand {
  value: Value;
  /** Swap the last two axes. */
  transpose?: boolean;
  /** The value is time-major, `[time, ...batch, features]`, and is read as `[...batch, time, features]`. */
  timeMajor?: boolean;
}

/** α · A · B over the last two axes, without a transposed copy of either: `com.microsoft.FusedMatMul`. */
export function matmul(g: Graph, a: Operand, b: Operand, alpha = 1): Value {
  const left = logicalShape(a);
  const right = logicalShape(b);
  const rank = left.length;
  if (rank !== right.length || rank < 2 || left[rank - 1] !== right[rank - 2]) {
    refuse('FusedMatMul', a.value, b.value);
  }
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  const attributes = {
    alpha: { float: alpha },
    transA: Number(a.transpose ?? false),
    transB: Number(b.transpose ?? false),
    transBatchA: Number(a.timeMajor ?? false),
    transBatchB: Number(b.timeMajor ?? false),
  };
  const shape = [...batch, left[rank - 2] as Dim, right[rank - 1] as Dim];
  return g.node('FusedMatMul', [a.value, b.value], { type: 'float', shape }, attributes, 'com.microsoft');
}

function logicalShape({ value, transpose, timeMajor }: Operand): Dim[] {
  const shape = [...value.shape];
  if (timeMajor) shape.splice(-1, 0, shape.shift() as Dim);
  if (transpose) shape.push(...shape.splice(-2).reverse());
  return shape;
}

export function softmax(g: Graph, x: Value): Value {
  return g.node('Softmax', [x], x, { axis: -1 });
}

/** Layer normalisation over the last axis: y = (x − mean) / √(var + ε) · weight + bias, and 1 / √(var + ε). */
export function layerNormalization(
  g: Graph,
  x: Value,
  weight: Value,
  bias: Value,
  epsilon: number,
): { y: Value; inverseStd: Value } {
  const width = x.shape.at(-1);
  if (!sameShape(weight.shape, [width as Dim]) || !sameShape(bias.shape, weight.shape)) {
    refuse('LayerNormalization', x, weight);
  }
  const statistics = { type: x.type, shape: [...x.shape.slice(0, -1), 1] };
  const [y, , inverseStd] = g.nodeWithOutputs(
    'LayerNormalization',
    [x, weight, bias],
    [x, statistics, statistics],
    {
      axis: -1,
      epsilon: { float: epsilon },
    },
  );
  return { y: y as Value, inverseStd: inverseStd as Value };
}

export type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceLogSumExp';

/** Reduces the last axis. With `keep` the axis stays, with length 1. */
export function reduceLast(g: Graph, reduction: Reduction, x: Value, keep: boolean): Value {
  const shape = [...x.shape.slice(0, -1), ...(keep ? [1] : [])];
  return g.node(reduction, [x, g.integers([-1])], { type: x.type, shape }, { keepdims: Number(keep) });
}

/** `[K, …]` → `[…]`: reduces the first axis. */
export function reduceFirst(g: Graph, reduction: Reduction, x: Value): Value {
  const output = { type: x.type, shape: x.shape.slice(1) };
  return g.node(reduction, [x, g.integers([0])], output, { keepdims: 0 });
}

/** The k largest elements of the last axis, largest first, and their indices; `k` is an int64 vector of one element. */
export function topK(g: Graph, x: Value, k: Value, length: Dim): { values: Value; indices: Value } {
  const shape = [...x.shape.slice(0, -1), length];
  const [values, indices] = g.nodeWithOutputs(
    'TopK',
    [x, k],
    [
      { type: x.type, shape },
      { type: 'int64', shape },
    ],
  );
  return { values: values as Value, indices: indices as Value };
}

export function reshape(g: Graph, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (product(x.shape) !== product(shape)) {
    throw new TypeError(`${showShape(x.shape)} cannot be read as ${showShape(shape)}`);
  }
  // The runtime infers one dimension: a product of symbols if there is one, as no input has that length.
  const symbolic = shape.filter((dim) => typeof dim === 'string');
  const inferred = symbolic.find((dim) => dim.includes('*')) ?? symbolic[0];
  const inferredAxis = inferred === undefined ? -1 : shape.indexOf(inferred);
  const parts = shape.map((dim, axis) => (axis === inferredAxis ? -1 : dim));
  const target = parts.every((dim) => typeof dim === 'number')
    ? g.integers(parts)
    : g.shared(`shape ${showShape(parts)}`, () =>
        concat(
          g,
          parts.map((dim) => (typeof dim === 'number' ? g.integers([dim]) : g.length(dim))),
          0,
        ),
      );
  return g.node('Reshape', [x, target], { type: x.type, shape });
}

/** Axis `i` of the result is axis `order[i]` of x. */
export function transpose(g: Graph, x: Value, order: readonly number[]): Value {
  if (order.length !== x.shape.length) refuse('Transpose', x);
  const shape = order.map((axis) => x.shape[axis] as Dim);
  return g.node('Transpose', [x], { type: x.type, shape }, { perm: order });
}

export function concat(g: Graph, values: readonly Value[], axis: number): Value {
  const [first, ...rest] = values as [Value, ...Value[]];
  const shape = [...first.shape];
  for (const value of rest) {
    const fits = value.shape.every((dim, at) => at === axis || dim === first.shape[at]);
    if (!fits || value.shape.length !== shape.length) refuse('Concat', first, value);
    shape[axis] = sum(shape[axis] as Dim, value.shape[axis] as Dim);
  }
  return g.node('Concat', values, { type: first.type, shape }, { axis });
}

/** Cuts an axis of known length into equal parts. */
export function split(g: Graph, x: Value, axis: number, parts: number): Value[] {
  const length = x.shape[axis];
  if (typeof length !== 'number' || length % parts !== 0) refuse('Split', x);
  const shape = x.shape.with(axis, length / parts);
  const outputs = Array.from({ length: parts }, () => ({ type: x.type, shape }));
  return g.nodeWithOutputs('Split', [x], outputs, { axis, num_outputs: parts }) as Value[];
}

/** Cuts an axis in two, of the given lengths. */
export function splitInTwo(g: Graph, x: Value, axis: number, first: Dim, second: Dim): [Value, Value] {
  if (x.shape[axis] !== sum(first, second)) refuse('Slice', x);
  // Not Split: ONNX infers no shapes from lengths that are only known at run time.
  return [
    slice(g, x, axis, g.integers([0]), g.length(first), first),
    slice(g, x, axis, g.length(first), toEnd(g), second),
  ];
}

/** The last element of an axis, which stays with length 1. */
export function last(g: Graph, x: Value, axis: number): Value {
  if (x.shape[axis] === 1) return x;
  return slice(g, x, axis, g.integers([-1]), toEnd(g), 1);
}

const toEnd = (g: Graph) => g.integers([Number.MAX_SAFE_INTEGER]);

function slice(g: Graph, x: Value, axis: number, from: Value, to: Value, length: Dim): Value {
  return g.node('Slice', [x, from, to, g.integers([axis])], {
    type: x.type,
    shape: x.shape.with(axis, length),
  });
}

/** Rows of `table` (its first axis) by index. */
export function gatherRows(g: Graph, table: Value, indices: Value): Value {
  if (indices.type !== 'int64') refuse('Gather', indices);
  return g.node('Gather', [table, indices], {
    type: table.type,
    shape: [...indices.shape, ...table.shape.slice(1)],
  });
}

/** The slices of x along an axis that the vector `indices` names. */
export function gather(g: Graph, x: Value, indices: Value, axis: number): Value {
  if (indices.type !== 'int64' || indices.shape.length !== 1 || !(axis < x.shape.length)) {
    refuse('Gather', x, indices);
  }
  const shape = x.shape.with(axis, indices.shape[0] as Dim);
  return g.node('Gather', [x, indices], { type: x.type, shape }, { axis });
}

/** Inserts axes of length 1 at the given positions of the result. */
export function unsqueeze(g: Graph, x: Value, axes: readonly number[]): Value {
  const shape = [...x.shape];
  for (const axis of [...axes].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return g.node('Unsqueeze', [x, g.integers(axes)], { type: x.type, shape });
}

/** One element per row: `x[n, column[n]]` of x `[N, M]` and columns `[N]`. */
export function pick(g: Graph, x: Value, columns: Value): Value {
  if (x.shape.length !== 2 || !sameShape(columns.shape, [x.shape[0] as Dim]))
    refuse('GatherElements', x, columns);
  const picked = g.node(
    'GatherElements',
    [x, unsqueeze(g, columns, [1])],
    { type: x.type, shape: [x.shape[0] as Dim, 1] },
    { axis: 1 },
  );
  return reshape(g, picked, columns.shape);
}

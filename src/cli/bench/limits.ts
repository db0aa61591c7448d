/** What this machine can do, measured through the same runtime. */
import { loadRuntime, type Ort, type Tensor } from '../../inference/gpt2/runtime.ts';
import { encodeModel } from '../../inference/onnx/encode.ts';
import { Graph } from '../../inference/onnx/graph.ts';
import { gemm, reduceLast } from '../../inference/onnx/ops.ts';
import { median, seconds } from './measure.ts';

export interface MachineLimits {
  /** float32 operations per second of a large matrix product. */
  flops: number;
  /** Bytes per second read from memory by all threads. */
  bandwidth: number;
  /** Bytes per second of a matrix in its product with a vector: what generation does with the weights. */
  matrixVector: number;
}

const tries = 9;

export async function machineLimits(): Promise<MachineLimits> {
  const ort = await loadRuntime();
  const matrix = largeMatrix(ort);
  return {
    flops: await matmulPeak(ort),
    bandwidth: await readBandwidth(ort, matrix),
    matrixVector: await matrixVectorRate(ort, matrix),
  };
}

async function matmulPeak(ort: Ort): Promise<number> {
  const size = 1536;
  const g = new Graph();
  const [a, b] = [g.input('a', 'float', [size, size]), g.input('b', 'float', [size, size])];
  g.output('y', gemm(g, a, b, null), [size, size]);
  const operand = () => new ort.Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size]);
  return (2 * size ** 3) / (await typical(ort, g, { a: operand(), b: operand() }));
}

/** 512 MB, more than any cache holds. */
const [rows, columns] = [2 ** 13, 2 ** 14];
const bytes = 4 * rows * columns;

/** Different numbers: a virtual machine's host may keep equal pages once, and then they are read from its cache. */
function largeMatrix(ort: Ort): Tensor {
  const numbers = new Float32Array(rows * columns);
  for (let index = 0; index < numbers.length; index++) numbers[index] = index;
  return new ort.Tensor('float32', numbers, [rows, columns]);
}

async function readBandwidth(ort: Ort, x: Tensor): Promise<number> {
  const g = new Graph();
  g.output('y', reduceLast(g, 'ReduceSum', g.input('x', 'float', [rows, columns]), false), [rows]);
  return bytes / (await typical(ort, g, { x }));
}

async function matrixVectorRate(ort: Ort, matrix: Tensor): Promise<number> {
  const g = new Graph();
  const [x, w] = [g.input('x', 'float', [1, rows]), g.input('w', 'float', [rows, columns])];
  g.output('y', gemm(g, x, w, null), [1, columns]);
  const vector = new ort.Tensor('float32', new Float32Array(rows).fill(0.5), [1, rows]);
  return bytes / (await typical(ort, g, { x: vector, w: matrix }));
}

/** Seconds of a run: the median, as the machine's other tenants leave it. */
async function typical(ort: Ort, graph: Graph, feeds: Record<string, Tensor>): Promise<number> {
  const session = await ort.InferenceSession.create(encodeModel(graph));
  await session.run(feeds);
  const times: number[] = [];
  for (let attempt = 0; attempt < tries; attempt++) times.push(await seconds(() => session.run(feeds)));
  await session.release();
  return median(times);
}

/** What this machine can do, measured through the same backend. */
import { Graph } from '../../inference/onnx/graph.ts';
import { gemm, reduceLast } from '../../inference/onnx/ops.ts';
import type { Backend, Feeds } from '../../inference/runtime/backend.ts';
import { onnxruntime } from '../../inference/runtime/onnxruntime.ts';
import { floats, type Tensor } from '../../inference/runtime/tensors.ts';
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
  const backend = await onnxruntime();
  const matrix = largeMatrix();
  return {
    flops: await matmulPeak(backend),
    bandwidth: await readBandwidth(backend, matrix),
    matrixVector: await matrixVectorRate(backend, matrix),
  };
}

async function matmulPeak(backend: Backend): Promise<number> {
  const size = 1536;
  const g = new Graph();
  const [a, b] = [g.input('a', 'float', [size, size]), g.input('b', 'float', [size, size])];
  g.output('y', gemm(g, a, b, null), [size, size]);
  const operand = () => floats(new Float32Array(size * size).fill(0.5), [size, size]);
  return (2 * size ** 3) / (await typical(backend, g, { a: operand(), b: operand() }));
}

/** 512 MB, more than any cache holds. */
const [rows, columns] = [2 ** 13, 2 ** 14];
const bytes = 4 * rows * columns;

/**
 * All numbers differ: a virtual machine's host may store equal pages once, and they would then be read from its cache.
 */
function largeMatrix(): Tensor {
  const numbers = new Float32Array(rows * columns);
  for (let index = 0; index < numbers.length; index++) numbers[index] = index;
  return floats(numbers, [rows, columns]);
}

async function readBandwidth(backend: Backend, x: Tensor): Promise<number> {
  const g = new Graph();
  g.output('y', reduceLast(g, 'ReduceSum', g.input('x', 'float', [rows, columns]), false), [rows]);
  return bytes / (await typical(backend, g, { x }));
}

async function matrixVectorRate(backend: Backend, matrix: Tensor): Promise<number> {
  const g = new Graph();
  const [x, w] = [g.input('x', 'float', [1, rows]), g.input('w', 'float', [rows, columns])];
  g.output('y', gemm(g, x, w, null), [1, columns]);
  const vector = floats(new Float32Array(rows).fill(0.5), [1, rows]);
  return bytes / (await typical(backend, g, { x: vector, w: matrix }));
}

/** Seconds of a run: the median, because other work may disturb single runs. */
async function typical(backend: Backend, graph: Graph, feeds: Feeds): Promise<number> {
  const program = await backend.compile(graph, null, { spinning: true });
  // Every run writes into the same memory, so that allocating it is not timed.
  const places = await program.run(feeds, program.outputNames);
  const times: number[] = [];
  for (let attempt = 0; attempt < tries; attempt++)
    times.push(await seconds(() => program.run(feeds, places)));
  await program.release();
  return median(times);
}

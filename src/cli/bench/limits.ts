/** What this machine can do at best, measured through the same runtime. */
import { loadRuntime, type Ort } from '../../inference/gpt2/runtime.ts';
import { encodeModel } from '../../inference/onnx/encode.ts';
import { Graph } from '../../inference/onnx/graph.ts';
import { gemm, reduceLast } from '../../inference/onnx/ops.ts';
import { seconds } from './measure.ts';

export interface MachineLimits {
  /** float32 operations per second of a large matrix product. */
  flops: number;
  /** Bytes per second read from memory by all threads. */
  bandwidth: number;
}

const tries = 7;

export async function machineLimits(): Promise<MachineLimits> {
  const ort = await loadRuntime();
  return { flops: await matmulPeak(ort), bandwidth: await readBandwidth(ort) };
}

async function matmulPeak(ort: Ort): Promise<number> {
  const size = 1536;
  const g = new Graph();
  const [a, b] = [g.input('a', 'float', [size, size]), g.input('b', 'float', [size, size])];
  g.output('y', gemm(g, a, b, null), [size, size]);
  const operand = () => new ort.Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size]);
  return (2 * size ** 3) / (await best(ort, g, { a: operand(), b: operand() }));
}

async function readBandwidth(ort: Ort): Promise<number> {
  const [rows, columns] = [64, 2 ** 20];
  const g = new Graph();
  g.output('y', reduceLast(g, 'ReduceSum', g.input('x', 'float', [rows, columns]), false), [rows]);
  const x = new ort.Tensor('float32', new Float32Array(rows * columns).fill(0.5), [rows, columns]);
  return (4 * rows * columns) / (await best(ort, g, { x }));
}

async function best(
  ort: Ort,
  graph: Graph,
  feeds: Record<string, InstanceType<Ort['Tensor']>>,
): Promise<number> {
  const session = await ort.InferenceSession.create(encodeModel(graph));
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries; attempt++) {
    least = Math.min(least, await seconds(() => session.run(feeds)));
  }
  await session.release();
  return least;
}

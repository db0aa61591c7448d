/**
 * What runs graphs. GPT-2 is written down as graphs and knows nothing else about where they are run: onnxruntime in this
 * process is one such place (`onnxruntime.ts`).
 */
import type { Graph } from '../onnx/graph.ts';
import type { Tensor } from './tensors.ts';

export interface Backend {
  readonly capabilities: Capabilities;
  /**
   * Makes a graph ready to be run, again and again.
   * @param weights where the graph's weights lie; null: it has none
   * @throws EngineError `file-changed` where the weights are no longer those that were validated
   */
  compile(graph: Graph, weights: WeightFolder | null, options?: CompileOptions): Promise<Program>;
}

export interface Capabilities {
  /** Of float32 matrix products, by order of magnitude: a first guess until work has been timed. */
  readonly flopsPerSecond: number;
}

/** Where the files lie that a graph's weights are in. Their bytes are mapped, never copied. */
export interface WeightFolder {
  readonly folder: string;
  /** @throws EngineError `file-changed` */
  assertUnchanged(): void;
}

export interface CompileOptions {
  /** For a graph of many short operations: within a run, threads wait awake for the next one. */
  spinning?: boolean;
}

/** A graph that can be run. A run cannot be interrupted, and may block the thread until it ends. */
export interface Program {
  /** The graph's own names. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * @param feeds all inputs
   * @param outputs which ones are asked for, and, where they are {@link Places}, where they are to be written
   * @returns the outputs that were asked for; fresh ones but for those that had a place, which are that place itself
   */
  run(feeds: Feeds, outputs: readonly string[] | Places): Promise<Record<string, Tensor>>;
  /** Gives back what it holds. It cannot be run any more. */
  release(): Promise<void>;
}

export type Feeds = Readonly<Record<string, Tensor>>;

/** By output, a tensor of its type and shape that is written over; null: a fresh one is made. */
export type Places = Readonly<Record<string, Tensor | null>>;

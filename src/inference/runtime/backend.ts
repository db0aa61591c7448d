/**
 * What runs graphs. GPT-2 is written as graphs and does not know where they run; onnxruntime in this process is one
 * such place (`onnxruntime.ts`).
 */
import type { Graph } from '../onnx/graph.ts';
import type { Tensor } from './tensors.ts';

export interface Backend {
  readonly capabilities: Capabilities;
  /**
   * Prepares a graph that will be run many times.
   * @param weights where the graph's weights are; null if it has none
   * @throws EngineError `file-changed` if the weights are no longer those that were validated
   */
  compile(graph: Graph, weights: WeightFolder | null, options?: CompileOptions): Promise<Program>;
}

export interface Capabilities {
  /** Speed of float32 matrix products, by order of magnitude: a first guess until work has been timed. */
  readonly flopsPerSecond: number;
}

/** The folder of the files with a graph's weights. Their bytes are mapped, never copied. */
export interface WeightFolder {
  readonly folder: string;
  /** @throws EngineError `file-changed` */
  assertUnchanged(): void;
}

export interface CompileOptions {
  /** For a graph of many short operations: its threads wait for the next operation without sleeping. */
  spinning?: boolean;
}

/** A graph that can be run. A run cannot be interrupted, and may block the thread until it ends. */
export interface Program {
  /** Named as in the graph. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * @param feeds all inputs
   * @param outputs the requested outputs; with {@link Places}, also where to write them
   * @returns the requested outputs: new tensors, or the given places
   */
  run(feeds: Feeds, outputs: readonly string[] | Places): Promise<Record<string, Tensor>>;
  /** Frees what it holds. It cannot be run any more. */
  release(): Promise<void>;
}

export type Feeds = Readonly<Record<string, Tensor>>;

/** For each output a tensor of its type and shape to write into; null: a new one is made. */
export type Places = Readonly<Record<string, Tensor | null>>;

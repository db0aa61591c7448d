/** Runs graphs by onnxruntime in this process. The only file that knows onnxruntime-node. */
import type * as Ort from 'onnxruntime-node';
import { encodeModel } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Backend, CompileOptions, Feeds, Places, Program, WeightFolder } from './backend.ts';
import type { Tensor } from './tensors.ts';

/** Loads the native library when it is first needed, so that the process starts without waiting for it. */
export async function onnxruntime(): Promise<Backend> {
  const ort = await import('onnxruntime-node');
  return {
    capabilities: { flopsPerSecond: 1.5e11 },
    compile: (graph, weights, options = {}) => compile(ort, graph, weights, options),
  };
}

/**
 * The weights stay in their file: each session maps the same pages. Prepacking would copy every matrix once per
 * session (1.4 GB instead of 0.6 GB at 124M parameters) for 5 to 15 % of speed.
 */
async function compile(
  ort: typeof Ort,
  graph: Graph,
  weights: WeightFolder | null,
  { spinning = false }: CompileOptions,
): Promise<Program> {
  weights?.assertUnchanged();
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Memory is freed after each run: with arenas a 124M model keeps 200 MB more and is no faster.
    enableCpuMemArena: false,
    extra: {
      session: {
        ...(weights && { model_external_initializers_file_folder_path: weights.folder }),
        disable_prepacking: '1',
        // Spinning threads take the processor from the editor and, on a busy machine, from each other.
        intra_op: { allow_spinning: spinning ? '1' : '0' },
        force_spinning_stop: '1',
      },
    },
  });
  return new SessionProgram(ort, session);
}

/** A session. `session.run` is synchronous: it blocks the thread. */
class SessionProgram implements Program {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;

  constructor(ort: typeof Ort, session: Ort.InferenceSession) {
    this.#ort = ort;
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
  }

  async run(feeds: Feeds, outputs: readonly string[] | Places): Promise<Record<string, Tensor>> {
    const given = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, this.#wrap(tensor)]),
    );
    if (isNames(outputs)) return toPlain(await this.#session.run(given, outputs));
    const places = Object.entries(outputs);
    const wrapped = places.map(([name, place]) => [name, place && this.#wrap(place)]);
    const results = toPlain(await this.#session.run(given, Object.fromEntries(wrapped)));
    for (const [name, place] of places) if (place) results[name] = place;
    return results;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** Shares the numbers, does not copy them. */
  #wrap({ type, data, dims }: Tensor): Ort.Tensor {
    return new this.#ort.Tensor(type, data, dims);
  }
}

function isNames(outputs: readonly string[] | Places): outputs is readonly string[] {
  return Array.isArray(outputs);
}

function toPlain(results: Ort.InferenceSession.OnnxValueMapType): Record<string, Tensor> {
  const entries = Object.entries(results).map(([name, { type, dims, data }]) => [name, { type, dims, data }]);
  return Object.fromEntries(entries);
}

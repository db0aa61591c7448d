/** onnxruntime-node, loaded when it is first needed: the process is ready before the native library is. */
import type * as OrtModule from 'onnxruntime-node';
import type { MappedWeights } from '../checkpoint/types.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';

export type Ort = typeof OrtModule;
export type Tensor = OrtModule.Tensor;
export type Session = OrtModule.InferenceSession;

export interface SessionOptions {
  /** For a graph of many short operations: within a run, threads wait awake for the next one. */
  spinning?: boolean;
}

export function loadRuntime(): Promise<Ort> {
  return import('onnxruntime-node');
}

/**
 * The weights stay in their file: each session maps the same pages. Prepacking would copy every matrix once per
 * session (1.4 GB instead of 0.6 GB at 124M parameters) for 5 to 15 % of speed.
 */
export async function createSession(
  graph: Graph,
  weights: MappedWeights,
  { spinning = false }: SessionOptions = {},
): Promise<Session> {
  const ort = await loadRuntime();
  weights.assertUnchanged();
  return ort.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Memory goes back after each run: with arenas a 124M model keeps 200 MB more, and is no faster.
    enableCpuMemArena: false,
    extra: {
      session: {
        model_external_initializers_file_folder_path: weights.folder,
        disable_prepacking: '1',
        // Threads that wait by spinning take the processor from the editor, and from each other on a busy machine.
        intra_op: { allow_spinning: spinning ? '1' : '0' },
        force_spinning_stop: '1',
      },
    },
  });
}

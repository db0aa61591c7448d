/** A validated GPT-2 checkpoint folder, as the rest of the engine sees it. */
import type { Run } from '../run.ts';

/** The validated values of config.json, under the engine's own names. */
export interface Gpt2Config {
  layers: number;
  heads: number;
  /** Width of the residual stream, C. */
  width: number;
  /** Width of the MLP's hidden layer: n_inner, or 4 C. */
  inner: number;
  /** n_positions, P. */
  contextLength: number;
  /** Rows of wte, V. */
  vocabularySize: number;
  layerNormEpsilon: number;
  activation: 'gelu_new' | 'gelu' | 'relu';
  /** Divide scores by √(C / heads). */
  scaleAttention: boolean;
  /** Also divide by (layer index + 1). */
  scaleAttentionByInverseLayer: boolean;
  /** Whether the unembedding is `wte`; otherwise `lm_head.weight`. */
  tied: boolean;
}

export type WeightDtype = 'F32' | 'F16' | 'BF16';

/** Where a tensor's bytes are. */
export interface TensorLocation {
  dtype: WeightDtype;
  shape: readonly number[];
  /** Byte offset from the start of the file. */
  offset: number;
  /** Bytes. */
  length: number;
}

/**
 * Tensor names without the `transformer.` prefix: `wte.weight`, `wpe.weight`, `h.0.attn.c_attn.weight` …,
 * `ln_f.bias` and, where the head is untied, `lm_head.weight`. Layouts are Hugging Face's (Conv1D: [in, out]).
 */
export type WeightIndex = ReadonlyMap<string, TensorLocation>;

/** A float32 file in which every weight has a known offset, so that ONNX external data can map it. */
export interface MappedWeights {
  /** Folder and file name of the file: the safetensors file itself where it is F32, a scratch copy otherwise. */
  folder: string;
  file: string;
  /** Every location is F32. */
  index: WeightIndex;
  /** The tensor's values `begin` (inclusive) to `end` (exclusive) in row-major order, read from the file. */
  values(tensor: string, begin: number, end: number): Float32Array;
  /** Rows of one matrix, read from the file: used for embeddings. `[rows.length, columns]`. */
  rows(tensor: string, rows: readonly number[]): Float32Array;
  /** @throws EngineError `file-changed` when the file is no longer the one that was validated. */
  assertUnchanged(): void;
  dispose(): void;
}

/** SHA-256 over the bytes of config.json and then of model.safetensors, hex. */
export interface Fingerprint {
  /** Null until both files have been read to their end. */
  readonly known: string | null;
  /**
   * Waits for the hash, and begins to read if nobody has yet. It is read once for all who ask, in slices between which
   * other work runs, about a second per gigabyte. A caller that is cancelled does not stop the reading for others.
   * @throws EngineError `cancelled` when the run was aborted or the checkpoint disposed of; `file-changed`, `file-unreadable`
   */
  of(run: Run): Promise<string>;
}

export interface Checkpoint {
  folder: string;
  /** The folder's name, or `organisation/model` for a folder in the Hugging Face hub's cache. */
  name: string;
  config: Gpt2Config;
  /** The type of most weights in the file. */
  dtype: WeightDtype;
  parameters: number;
  weights: MappedWeights;
  /** The weights as they are stored in model.safetensors, with their own types; the same names as in `weights`. */
  stored: WeightIndex;
  /** What identifies the model on receipts. */
  fingerprint: Fingerprint;
  dispose(): void;
}

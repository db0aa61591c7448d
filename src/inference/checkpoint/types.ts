/** A validated GPT-2 checkpoint folder, as the rest of the engine sees it. */

/** config.json in the engine's own words; everything was checked. */
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

/** A float32 file in which every weight lies at a known offset, fit to be mapped by ONNX external data. */
export interface MappedWeights {
  /** Folder and file name of the file: the safetensors file itself where it is F32, a scratch copy otherwise. */
  folder: string;
  file: string;
  /** Every location is F32. */
  index: WeightIndex;
  /** Rows of one matrix as float32, read from the file: used for embeddings. `[rows.length, columns]`. */
  rows(tensor: string, rows: readonly number[]): Float32Array;
  /** Throws `file-changed` when the file is no longer the one that was validated. */
  assertUnchanged(): void;
  dispose(): void;
}

export interface Checkpoint {
  folder: string;
  /** Folder name, or `_name_or_path` of config.json where it has one that is no path. */
  name: string;
  /** SHA-256 over config.json and model.safetensors (file bytes), hex; the receipt's identity of the model. */
  sha256: string;
  config: Gpt2Config;
  /** The type most weights have in the file. */
  dtype: WeightDtype;
  parameters: number;
  weights: MappedWeights;
  dispose(): void;
}

/** config.json → Gpt2Config. Keys and defaults: `GPT2Config` in Hugging Face transformers. */

import { EngineError } from '../../protocol/errors.ts';
import { shownValue } from '../../protocol/safeText.ts';
import { configFile } from './folder.ts';
import type { Gpt2Config } from './types.ts';

/**
 * Far above every existing GPT-2 (the largest has 48 layers of width 1,600). The bounds keep products of sizes exact,
 * and a damaged file from asking for terabytes.
 */
const bounds = {
  layers: 256,
  width: 65_536,
  inner: 1_048_576,
  positions: 1_048_576,
  vocabulary: 4_194_304,
} as const;

const activations: ReadonlyMap<unknown, Gpt2Config['activation']> = new Map([
  ['gelu_new', 'gelu_new'],
  // The same formula under its other name.
  ['gelu_pytorch_tanh', 'gelu_new'],
  ['gelu', 'gelu'],
  ['relu', 'relu'],
]);

/** @throws EngineError `config-invalid` (a value that makes no sense), `config-unsupported` (another model) */
export function parseConfig(json: Readonly<Record<string, unknown>>): Gpt2Config {
  checkArchitecture(json);
  const width = integer(json, 'n_embd', 768, bounds.width);
  const heads = integer(json, 'n_head', 12, bounds.width);
  if (width % heads !== 0) throw invalid('n_head', heads, `a divisor of n_embd, ${width}`);
  const activation = activations.get(json.activation_function ?? 'gelu_new');
  if (activation === undefined) {
    throw unsupported('activation_function', json.activation_function, [...activations.keys()].join(', '));
  }
  if (boolean(json, 'add_cross_attention', false)) throw unsupported('add_cross_attention', true, 'false');
  // It only changes the order of scaling and the precision of half-precision attention, which makes no difference in
  // float32.
  boolean(json, 'reorder_and_upcast_attn', false);
  return {
    layers: integer(json, 'n_layer', 12, bounds.layers),
    heads,
    width,
    inner: json.n_inner == null ? 4 * width : integer(json, 'n_inner', 0, bounds.inner),
    // `n_ctx` is what the first GPT-2 configurations called it.
    contextLength: integer(json, 'n_positions' in json ? 'n_positions' : 'n_ctx', 1024, bounds.positions),
    vocabularySize: integer(json, 'vocab_size', 50257, bounds.vocabulary),
    layerNormEpsilon: epsilon(json, 'layer_norm_epsilon', 1e-5),
    activation,
    scaleAttention: boolean(json, 'scale_attn_weights', true),
    scaleAttentionByInverseLayer: boolean(json, 'scale_attn_by_inverse_layer_idx', false),
    tied: boolean(json, 'tie_word_embeddings', true),
  };
}

/** Without `model_type` the sizes must be given, or the defaults below would make a GPT-2 of any file. */
function checkArchitecture(json: Readonly<Record<string, unknown>>): void {
  const sized = ['n_layer', 'n_head', 'n_embd'].every((key) => Object.hasOwn(json, key));
  if (json.model_type !== 'gpt2' && !(json.model_type === undefined && sized)) {
    throw unsupported('model_type', json.model_type, 'gpt2');
  }
}

function integer(json: Readonly<Record<string, unknown>>, key: string, absent: number, most: number): number {
  const value = json[key] ?? absent;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw invalid(key, value, `a whole number from 1 to ${most}`);
  }
  return value;
}

function boolean(json: Readonly<Record<string, unknown>>, key: string, absent: boolean): boolean {
  const value = json[key] ?? absent;
  if (typeof value !== 'boolean') throw invalid(key, value, 'true or false');
  return value;
}

function epsilon(json: Readonly<Record<string, unknown>>, key: string, absent: number): number {
  const value = json[key] ?? absent;
  if (typeof value !== 'number' || !(value > 0 && value < 1)) {
    throw invalid(key, value, 'a number between 0 and 1');
  }
  return value;
}

function invalid(key: string, value: unknown, expected: string): EngineError {
  return new EngineError('config-invalid', { file: configFile, key, value: shownValue(value), expected });
}

function unsupported(key: string, value: unknown, expected: string): EngineError {
  return new EngineError('config-unsupported', { file: configFile, key, value: shownValue(value), expected });
}

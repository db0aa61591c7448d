import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../../src/inference/checkpoint/config.ts';
import type { Gpt2Config } from '../../../../src/inference/checkpoint/types.ts';

/** `GPT2Config()` of Hugging Face transformers. */
const gpt2: Gpt2Config = {
  layers: 12,
  heads: 12,
  width: 768,
  inner: 3072,
  contextLength: 1024,
  vocabularySize: 50257,
  layerNormEpsilon: 1e-5,
  activation: 'gelu_new',
  scaleAttention: true,
  scaleAttentionByInverseLayer: false,
  tied: true,
};

const accepted: [string, Record<string, unknown>, Partial<Gpt2Config>][] = [
  ['nothing but the type', { model_type: 'gpt2' }, {}],
  [
    'sizes without the type',
    { n_layer: 2, n_head: 4, n_embd: 64 },
    { layers: 2, heads: 4, width: 64, inner: 256 },
  ],
  ['n_inner', { model_type: 'gpt2', n_inner: 100 }, { inner: 100 }],
  ['n_inner: null', { model_type: 'gpt2', n_inner: null }, {}],
  ['n_ctx alone', { model_type: 'gpt2', n_ctx: 77 }, { contextLength: 77 }],
  ['n_positions before n_ctx', { model_type: 'gpt2', n_ctx: 77, n_positions: 99 }, { contextLength: 99 }],
  ['gelu', { model_type: 'gpt2', activation_function: 'gelu' }, { activation: 'gelu' }],
  ['relu', { model_type: 'gpt2', activation_function: 'relu' }, { activation: 'relu' }],
  ['gelu_pytorch_tanh is gelu_new', { model_type: 'gpt2', activation_function: 'gelu_pytorch_tanh' }, {}],
  [
    'both kinds of scaling',
    { model_type: 'gpt2', scale_attn_weights: false, scale_attn_by_inverse_layer_idx: true },
    { scaleAttention: false, scaleAttentionByInverseLayer: true },
  ],
  ['reorder_and_upcast_attn, the same in float32', { model_type: 'gpt2', reorder_and_upcast_attn: true }, {}],
  ['an untied head', { model_type: 'gpt2', tie_word_embeddings: false }, { tied: false }],
  ['another epsilon', { model_type: 'gpt2', layer_norm_epsilon: 1e-6 }, { layerNormEpsilon: 1e-6 }],
  [
    'keys that say nothing about the computation',
    JSON.parse('{"model_type": "gpt2", "resid_pdrop": 0.1, "__proto__": {"n_layer": 3}}'),
    {},
  ],
];

for (const [what, json, expected] of accepted) {
  test(`config.json: ${what}`, () => assert.deepEqual(parseConfig(json), { ...gpt2, ...expected }));
}

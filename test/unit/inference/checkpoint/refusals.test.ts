/** Every refusal of config.json and of the weights that do not fit it, by name. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import { EngineError, type ErrorCode } from '../../../../src/protocol/errors.ts';
import { shownValue } from '../../../../src/protocol/safeText.ts';
import { type CheckpointOptions, type TensorSpec, writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

interface Refusal {
  code: ErrorCode;
  facts: Readonly<Record<string, string | number | RegExp>>;
  options?: CheckpointOptions;
  /** Damages the folder after it was written. */
  damage?: (folder: string) => void;
}

const config = 'config.json';
const weights = 'model.safetensors';

function badKey(code: ErrorCode, key: string, value: unknown, expected = /./): [string, Refusal] {
  const shown = shownValue(value);
  return [
    `${key} = ${shown}`,
    { code, facts: { file: config, key, value: shown, expected }, options: { config: { [key]: value } } },
  ];
}

const without =
  (name: string) =>
  (specs: TensorSpec[]): TensorSpec[] =>
    specs.filter((spec) => spec.name !== name);
const having =
  (name: string, changed: object) =>
  (specs: TensorSpec[]): TensorSpec[] =>
    specs.map((spec) => (spec.name === name ? { ...spec, ...changed } : spec));
const adding =
  (name: string, shape: number[]) =>
  (specs: TensorSpec[]): TensorSpec[] => [...specs, { name, shape, dtype: 'F32' }];

const refusals: [string, Refusal][] = [
  [
    'no folder',
    {
      code: 'model-folder-missing',
      facts: { path: /model$/ },
      damage: (f) => fs.rmSync(f, { recursive: true }),
    },
  ],
  ...[config, weights].flatMap((file): [string, Refusal][] => [
    [
      `no ${file}`,
      {
        code: 'file-missing',
        facts: { file, folder: /model$/ },
        damage: (f) => fs.rmSync(path.join(f, file)),
      },
    ],
    [
      `${file} is a folder`,
      {
        code: 'file-unreadable',
        facts: { file, reason: /not a regular file/ },
        damage: (f) => {
          fs.rmSync(path.join(f, file));
          fs.mkdirSync(path.join(f, file));
        },
      },
    ],
  ]),
  [
    'a huge config.json',
    {
      code: 'file-too-large',
      facts: { file: config, bytes: 2 ** 30 },
      damage: (f) => fs.truncateSync(path.join(f, config), 2 ** 30),
    },
  ],
  ...Object.entries({
    empty: '',
    cut: '{"model_type": "gpt2"',
    'an array': '[]',
    'a number': '1',
    null: 'null',
    'not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
  }).map(([what, text]): [string, Refusal] => [
    `config.json is ${what}`,
    {
      code: 'json-invalid',
      facts: { file: config },
      damage: (f) => fs.writeFileSync(path.join(f, config), text),
    },
  ]),

  badKey('config-unsupported', 'model_type', 'gpt_neo', /gpt2/),
  badKey('config-unsupported', 'model_type', 7),
  badKey('config-unsupported', 'activation_function', 'silu', /gelu_new, gelu_pytorch_tanh, gelu, relu/),
  badKey('config-unsupported', 'activation_function', ['gelu']),
  badKey('config-unsupported', 'add_cross_attention', true, /false/),
  ...['n_layer', 'n_head', 'n_embd', 'n_positions', 'vocab_size', 'n_inner'].flatMap((key) =>
    [0, -1, 1.5, 2 ** 53, 1e300, '12', true, []].map((value) =>
      badKey('config-invalid', key, value, /from 1 to/),
    ),
  ),
  badKey('config-invalid', 'n_head', 3, /divisor of n_embd, 32/),
  ...[0, -1e-5, 1, '1e-5'].map((value) => badKey('config-invalid', 'layer_norm_epsilon', value)),
  ...[
    'scale_attn_weights',
    'scale_attn_by_inverse_layer_idx',
    'reorder_and_upcast_attn',
    'tie_word_embeddings',
    'add_cross_attention',
  ].map((key) => badKey('config-invalid', key, 'yes', /true or false/)),
  [
    'neither model_type nor sizes',
    {
      code: 'config-unsupported',
      facts: { file: config, key: 'model_type', value: 'missing' },
      options: { config: { model_type: undefined, n_layer: undefined } },
    },
  ],

  ...['wte.weight', 'wpe.weight', 'ln_f.bias', 'h.0.attn.c_attn.weight', 'h.1.mlp.c_proj.bias'].map(
    (tensor): [string, Refusal] => [
      `without ${tensor}`,
      { code: 'tensor-missing', facts: { file: weights, tensor }, options: { tensors: without(tensor) } },
    ],
  ),
  [
    'an untied head without lm_head',
    {
      code: 'tensor-missing',
      facts: { file: weights, tensor: 'lm_head.weight' },
      options: { tied: false, tensors: without('lm_head.weight') },
    },
  ],
  ...[
    'h.2.ln_1.bias',
    'h.0.attn.bias2',
    'h.2.attn.bias',
    'score.weight',
    'h.0.crossattention.c_attn.weight',
    '',
    'transformer.wte.weight',
  ].map((tensor): [string, Refusal] => [
    `with ${tensor || 'an empty name'}`,
    {
      code: 'tensor-unexpected',
      facts: { file: weights, tensor },
      options: { tensors: adding(tensor, [4]) },
    },
  ]),
  [
    'an untied head twice',
    {
      code: 'tensor-unexpected',
      facts: { file: weights, tensor: 'transformer.lm_head.weight' },
      options: { tied: false, tensors: adding('transformer.lm_head.weight', [300, 32]) },
    },
  ],
  [
    'an embedding of another size',
    {
      code: 'tensor-shape',
      facts: { file: weights, tensor: 'wte.weight', shape: '[299, 32]', expected: '[300, 32]' },
      options: { tensors: having('wte.weight', { shape: [299, 32] }) },
    },
  ],
  [
    'a transposed matrix',
    {
      code: 'tensor-shape',
      facts: { file: weights, tensor: 'h.1.attn.c_attn.weight', shape: '[96, 32]', expected: '[32, 96]' },
      options: { tensors: having('h.1.attn.c_attn.weight', { shape: [96, 32] }) },
    },
  ],
  [
    'a vector with one dimension too many',
    {
      code: 'tensor-shape',
      facts: { file: weights, tensor: 'ln_f.bias', shape: '[1, 32]', expected: '[32]' },
      options: { tensors: having('ln_f.bias', { shape: [1, 32] }) },
    },
  ],
  [
    'integers for weights',
    {
      code: 'tensor-dtype',
      facts: { file: weights, tensor: 'ln_f.bias', dtype: 'I32' },
      // The same size and place: only the name of the type is exchanged.
      damage: (f) => {
        const file = path.join(f, weights);
        const text = fs.readFileSync(file, 'latin1');
        fs.writeFileSync(
          file,
          text.replace('"ln_f.bias":{"dtype":"F32"', '"ln_f.bias":{"dtype":"I32"'),
          'latin1',
        );
      },
    },
  ],
];

for (const [what, { code, facts, options, damage }] of refusals) {
  test(`refuses: ${what}`, async (t) => {
    const folder = writeCheckpoint(path.join(temporaryFolder(t), 'model'), { tokenizer: 'none', ...options });
    damage?.(folder);
    await assert.rejects(openCheckpoint(folder), (error: unknown) => {
      assert.ok(error instanceof EngineError, String(error));
      assert.equal(error.code, code, error.message);
      assert.ok(error.isBadInput);
      assert.doesNotMatch(error.message, /\{\w+\}/, 'every fact of the sentence is there');
      for (const [key, value] of Object.entries(facts)) {
        if (value instanceof RegExp) assert.match(String(error.facts[key]), value);
        else assert.equal(error.facts[key], value);
      }
      return true;
    });
  });
}

/** A file that nests more deeply than any reader recurses is refused by name, wherever the nesting stands. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import { openTokenizer } from '../../../../src/inference/tokenizer/tokenizer.ts';
import { EngineError } from '../../../../src/protocol/errors.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const depth = 200_000;
const nested = {
  list: '['.repeat(depth) + ']'.repeat(depth),
  object: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
};
const mark = '"NESTED"';

async function refusedBy(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error));
    assert.notEqual(error.code, 'internal');
    assert.ok(error.message.length < 1000);
  }
}

for (const [kind, value] of Object.entries(nested)) {
  test(`config.json with a deep ${kind} in the place of any value, or beside them`, async (t) => {
    const folder = writeCheckpoint(path.join(temporaryFolder(t), 'model'));
    const file = path.join(folder, 'config.json');
    const config = JSON.parse(fs.readFileSync(file, 'utf8'));
    const keys = [
      'n_embd',
      'n_layer',
      'model_type',
      'activation_function',
      'layer_norm_epsilon',
      'scale_attn_weights',
    ];
    for (const key of [...keys, 'something_else']) {
      fs.writeFileSync(file, JSON.stringify({ ...config, [key]: 'NESTED' }).replace(mark, value));
      await refusedBy(async () => (await openCheckpoint(folder)).dispose());
    }
    fs.writeFileSync(file, value);
    await refusedBy(async () => (await openCheckpoint(folder)).dispose());
  });

  test(`tokenizer.json with a deep ${kind} in the place of any value`, async (t) => {
    const folder = writeCheckpoint(path.join(temporaryFolder(t), 'model'));
    const file = path.join(folder, 'tokenizer.json');
    const json = JSON.parse(fs.readFileSync(file, 'utf8'));
    const { size } = new Map(Object.entries(json.model.vocab));
    const added = [{ id: 'NESTED', content: 'x' }];
    const changes = [
      { added_tokens: 'NESTED' },
      { added_tokens: added },
      { added_tokens: [{ id: 1, content: 'NESTED' }] },
      { model: 'NESTED' },
      { model: { ...json.model, vocab: 'NESTED' } },
      { model: { ...json.model, vocab: { ...json.model.vocab, x: 'NESTED' } } },
      { model: { ...json.model, merges: 'NESTED' } },
      { model: { ...json.model, merges: ['NESTED'] } },
      ...['normalizer', 'pre_tokenizer', 'decoder', 'post_processor', 'padding'].map((key) => ({
        [key]: 'NESTED',
      })),
    ];
    for (const change of changes) {
      fs.writeFileSync(file, JSON.stringify({ ...json, ...change }).replace(mark, value));
      await refusedBy(() => openTokenizer(folder, size));
    }
  });
}

test('a safetensors header that nests deeply', async (t) => {
  const folder = writeCheckpoint(path.join(temporaryFolder(t), 'model'));
  const file = path.join(folder, 'model.safetensors');
  for (const value of Object.values(nested)) {
    for (const header of [value, `{"x":${value}}`, `{"__metadata__":${value}}`]) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      fs.writeFileSync(file, Buffer.concat([length, Buffer.from(header)]));
      await refusedBy(async () => (await openCheckpoint(folder)).dispose());
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzModelFiles } from '../../../fuzz/modelFiles.ts';

test('20,000 damaged model folders are read or refused by name', async () => {
  const outcomes = await fuzzModelFiles(20_000, 1);
  // The damage must reach every reader, past the first check of each.
  for (const code of ['read', 'safetensors-invalid', 'tensor-shape', 'tensor-unexpected', 'config-invalid']) {
    assert.ok((outcomes.get(code) ?? 0) > 0, `${code}: ${JSON.stringify([...outcomes])}`);
  }
  assert.ok((outcomes.get('tokenizer-invalid') ?? 0) > 0);
});

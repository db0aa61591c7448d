/** The same ids, bytes and ranges as Hugging Face's Rust tokenizers: see test/reference. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTokenizer } from '../../src/inference/tokenizer/tokenizer.ts';

interface Tokenization {
  text: string;
  tokens: { id: number; hex: string; text: string; start: number; end: number }[];
}

const golden = fileURLToPath(new URL('../reference/golden/', import.meta.url));

for (const name of fs.readdirSync(golden)) {
  const folder = path.join(golden, name);
  test(`tokens of ${name}`, () => {
    const { endOfText, tokenizations } = readJson<{ endOfText: number; tokenizations: Tokenization[] }>(
      path.join(folder, 'golden.json'),
    );
    const { vocab_size } = readJson<{ vocab_size: number }>(path.join(folder, 'config.json'));
    const tokenizer = openTokenizer(folder, vocab_size);
    assert.equal(tokenizer.endOfText, endOfText);
    assert.ok(tokenizations.length > 0);
    for (const { text, tokens } of tokenizations) {
      const ours = tokenizer.encode(text).map(({ id, bytes, start, end }) => ({
        id,
        hex: Buffer.from(bytes).toString('hex'),
        text: tokenizer.textOf(id),
        start,
        end,
      }));
      assert.deepEqual(ours, tokens, JSON.stringify(text));
    }
  });
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}

/** The same ids, bytes and ranges as Hugging Face's Rust tokenizers: see test/reference. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { parseConfig } from '../../../../src/inference/checkpoint/config.ts';
import { parseJsonObject, readSmallFile } from '../../../../src/inference/checkpoint/folder.ts';
import { openTokenizer } from '../../../../src/inference/tokenizer/tokenizer.ts';
import { goldenModels, loadGolden } from '../../../reference/golden.ts';

for (const { name, folder } of goldenModels) {
  test(`tokens of ${name}`, () => {
    const config = parseConfig(parseJsonObject('config.json', readSmallFile(folder, 'config.json')));
    const tokenizer = openTokenizer(folder, config.vocabularySize);
    const { endOfText, tokenizations } = loadGolden(name, folder).golden;
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

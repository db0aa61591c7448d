import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blockOf } from '../../../../src/host/score/blocks.ts';

describe('blockOf', () => {
  test('reads a long document from the beginning of a line in the block before', () => {
    const line = `${'x'.repeat(99)}\n`;
    const text = line.repeat(2000);
    assert.equal(blockOf(text, { start: 60_000, end: 60_010 }).base, 0);
    const { base } = blockOf(text, { start: 150_000, end: 150_010 });
    assert.equal(base % 100, 0);
    assert.ok(base >= 3 * 32 * 1024 && base < 3 * 32 * 1024 + 100);
    assert.equal(blockOf(text, { start: 160_000, end: 160_010 }).base, base);
  });

  test('never begins inside a character', () => {
    const text = `a${'\ud83d\ude00'.repeat(100_000)}`;
    const { base } = blockOf(text, { start: 150_000, end: 150_010 });
    assert.equal(text.codePointAt(base), 0x1f600);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asMarkdown, withoutIcons } from '../../../../src/host/text/escape.ts';

test('leaves no Markdown, HTML or link alive', () => {
  assert.equal(
    asMarkdown('[a](command:x)  </b>|`$ '),
    '\\[a\\]\\(command\\:x\\)&nbsp;&nbsp;\\<\\/b\\>\\|\\`\\$&nbsp;',
  );
});

test('leaves no icon alive', () => {
  assert.equal(withoutIcons('$(zap) $$(x)'), '\\$(zap) $\\$(x)');
});

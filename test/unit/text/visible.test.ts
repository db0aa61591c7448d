import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible } from '../../../src/text/visible.ts';

test('shows what cannot be seen', () => {
  assert.equal(visible('\tif x:\r\n'), '⇥if x:␍↵');
  assert.equal(visible('a\u202eb\u2028\ud800'), 'a‹U+202E›b‹U+2028›\ufffd');
  assert.equal(visible(' the'), ' the');
  assert.equal(visible('    '), '␣␣␣␣');
});

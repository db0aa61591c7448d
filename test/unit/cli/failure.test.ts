/** What standard error is told of a failure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure } from '../../../src/cli/failure.ts';

test('the stack of a failure that is ours holds no escape sequence, and is cut where it is endless', () => {
  const { text } = describeFailure(new Error(`\u001b]0;title\u0007${'pattern '.repeat(100_000)}`));
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  assert.match(text, /‹U\+001B›\]0;title‹U\+0007›/);
  assert.ok(text.length < 12_000, `${text.length} characters`);
  assert.ok(text.split('\n').length > 2, 'the stack has its lines');
});

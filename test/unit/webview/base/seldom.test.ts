/** What a page keeps is written seldom, and never lost. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { seldom } from '../../../../webview/base/seldom.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

test('of a hundred calls in a row the first and the last one run', () => {
  const kept: number[] = [];
  let value = 0;
  const { ask } = seldom(() => kept.push(value), 100);
  for (value = 1; value <= 100; value++) ask();
  value = 100;
  assert.deepEqual(kept, [1]);
  mock.timers.tick(99);
  assert.deepEqual(kept, [1]);
  mock.timers.tick(1);
  assert.deepEqual(kept, [1, 100]);
  mock.timers.tick(1000);
  assert.deepEqual(kept, [1, 100]);
  // Long after, at once again.
  ask();
  assert.equal(kept.length, 3);
});

test('a pending call runs once when the page closes', () => {
  let times = 0;
  const { ask, settle } = seldom(() => times++, 100);
  settle();
  assert.equal(times, 0);
  ask();
  ask();
  settle();
  assert.equal(times, 2);
  settle();
  mock.timers.tick(1000);
  assert.equal(times, 2);
});

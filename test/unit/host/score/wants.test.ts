import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Wants } from '../../../../src/host/score/wants.ts';

const at = (start: number) => ({ start, end: start + 1 });

test('the more urgent comes first, of equally urgent the newest', () => {
  const wants = new Wants<string>(() => {});
  const later = wants.add('a', at(0), 'later');
  const seen = wants.add('a', at(1), 'seen');
  const pointed = wants.add('a', at(2), 'pointed');
  const newer = wants.add('b', at(3), 'seen');
  const order = [];
  for (let want = wants.first(); want; want = wants.first()) {
    order.push(want);
    assert.ok(wants.drop(want));
  }
  assert.deepEqual(order, [pointed, newer, seen, later]);
});

test('what is taken back is gone and told of once; what was dropped is not told of', () => {
  const told: unknown[] = [];
  const wants = new Wants<string>((want) => told.push(want));
  const [first, second] = [wants.add('a', at(0), 'seen'), wants.add('a', at(1), 'seen')];
  second.dispose();
  second.dispose();
  assert.deepEqual(told, [second]);
  assert.equal(wants.first(), first);
  wants.drop(first);
  first.dispose();
  assert.deepEqual(told, [second]);
  assert.equal(wants.first(), null);
});

test('a document that is gone takes its wants with it, and no other', () => {
  const wants = new Wants<string>(() => {});
  const other = wants.add('b', at(0), 'later');
  const gone = wants.add('a', at(0), 'pointed');
  wants.dropAll('a');
  assert.deepEqual([wants.isOpen(gone), wants.isOpen(other)], [false, true]);
  assert.equal(wants.first(), other);
});

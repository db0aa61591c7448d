import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broadcast, product, sum } from '../../../../src/inference/onnx/dims.ts';

test('products are canonical, whatever the order and nesting', () => {
  assert.equal(product(['S', 'B']), product(['B', 'S']));
  assert.equal(product([product(['S', 3]), 'B', 2]), '6*B*S');
  assert.equal(product([4, 'N', 0]), 0);
  assert.equal(product([]), 1);
  assert.notEqual(product(['S', 'S']), product(['S']));
});

test('sums are commutative symbols, and adding 0 changes nothing', () => {
  assert.equal(sum('P', 'S'), sum('S', 'P'));
  assert.equal(sum(0, 'S'), 'S');
  assert.equal(sum(2, 3), 5);
  assert.equal(product([sum('P', 'S'), 'B']), '(P+S)*B');
});

test('broadcasting follows NumPy and refuses what does not fit', () => {
  assert.deepEqual(broadcast(['B', 1, 'S'], ['H', 1]), ['B', 'H', 'S']);
  assert.deepEqual(broadcast([], [3]), [3]);
  assert.throws(() => broadcast(['S'], ['T']), TypeError);
  assert.throws(() => broadcast([2], [3]), TypeError);
});

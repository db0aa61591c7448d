import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamGradients } from '../../../../../src/inference/gpt2/memory/streamGradients.ts';

test('keeps no more than its limit, and for one question only', () => {
  const gradients = new StreamGradients(40);
  const rows = () => new Float32Array(4);
  const one = gradients.of([1, 2], { target: 3, foil: null });
  for (const layer of [2, 1, 0]) one.set(layer, rows());
  assert.deepEqual([gradients.bytes, one.get(1)?.length, one.get(0)], [32, 4, undefined]);
  assert.equal(gradients.of([1, 2], { target: 3, foil: null }).get(2), one.get(2));
  const other = gradients.of([1, 2], { target: 4, foil: null });
  assert.deepEqual([gradients.bytes, other.get(2), one.get(2)?.length], [0, undefined, 4]);
});

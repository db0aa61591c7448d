import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '../../../../src/inference/onnx/graph.ts';
import { add, gemm, matmul, reshape, split } from '../../../../src/inference/onnx/ops.ts';

test('shapes that do not fit are refused while the graph is built', () => {
  const g = new Graph();
  const a = g.input('a', 'float', ['N', 4]);
  const b = g.input('b', 'float', [5, 3]);
  const ids = g.input('ids', 'int64', ['N', 4]);
  assert.throws(() => gemm(g, a, b, null), TypeError);
  assert.throws(() => gemm(g, a, g.input('c', 'float', [4, 3]), g.float(new Float32Array(4))), TypeError);
  assert.throws(() => matmul(g, { value: a }, { value: b }), TypeError);
  assert.throws(() => matmul(g, { value: a, transpose: true }, { value: a, transpose: true }), TypeError);
  assert.throws(() => add(g, a, b), TypeError);
  assert.throws(() => add(g, a, ids), TypeError);
  assert.throws(() => reshape(g, a, ['N', 5]), TypeError);
  assert.throws(() => split(g, a, 1, 3), TypeError);
  assert.throws(() => g.output('y', a, ['N', 5]), TypeError);
  assert.throws(() => g.weight('w', [2, 2], 'file', 0, 15), TypeError);
});

/** What every backend has to keep to, of the one that runs graphs in this process. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Graph } from '../../../../src/inference/onnx/graph.ts';
import { add, mul } from '../../../../src/inference/onnx/ops.ts';
import type { Backend } from '../../../../src/inference/runtime/backend.ts';
import { fetch } from '../../../../src/inference/runtime/fetch.ts';
import { onnxruntime } from '../../../../src/inference/runtime/onnxruntime.ts';
import { floats, integers } from '../../../../src/inference/runtime/tensors.ts';

let backend: Backend;
before(async () => {
  backend = await onnxruntime();
});

/** sum = a + b, product = a · b, same = ids. */
function smallGraph(): Graph {
  const g = new Graph();
  const [a, b] = [g.input('a', 'float', ['N']), g.input('b', 'float', ['N'])];
  g.output('sum', add(g, a, b), ['N']);
  g.output('product', mul(g, a, b), ['N']);
  g.output('same', g.input('ids', 'int64', ['M']), ['M']);
  return g;
}

const feeds = {
  a: floats(Float32Array.of(1, 2), [2]),
  b: floats(Float32Array.of(10, 20), [2]),
  ids: integers([7]),
};

test('a program names its inputs and outputs, and gives those that are asked for', async (t) => {
  const program = await backend.compile(smallGraph(), null);
  t.after(() => program.release());
  assert.deepEqual(program.inputNames, ['a', 'b', 'ids']);
  assert.deepEqual(program.outputNames, ['sum', 'product', 'same']);
  assert.deepEqual(await program.run(feeds, ['product', 'same']), {
    product: { type: 'float32', dims: [2], data: Float32Array.of(10, 40) },
    same: { type: 'int64', dims: [1], data: BigInt64Array.of(7n) },
  });
});

test('ids stay integers, even those that float32 cannot tell apart', async (t) => {
  const program = await backend.compile(smallGraph(), null);
  t.after(() => program.release());
  const ids = [2 ** 24, 2 ** 24 + 1, 2 ** 24 + 3, 2 ** 40 + 1, -1];
  const { same, sum } = await fetch(program, { ...feeds, ids: integers(ids) }, ['sum'], ['same']);
  assert.deepEqual(same, ids);
  assert.deepEqual(sum, Float32Array.of(11, 22));
});

test('an output of another type than expected is refused', async (t) => {
  const program = await backend.compile(smallGraph(), null);
  t.after(() => program.release());
  await assert.rejects(fetch(program, feeds, ['same']), /output same is int64, not float32/);
  await assert.rejects(fetch(program, feeds, [], ['sum']), /output sum is float32, not int64/);
});

test('an output is written to its place, and nothing else is', async (t) => {
  const program = await backend.compile(smallGraph(), null);
  t.after(() => program.release());
  const first = await program.run(feeds, ['sum', 'product']);
  const place = floats(new Float32Array(2), [2]);
  const second = await program.run(
    { ...feeds, a: floats(Float32Array.of(5, 5), [2]) },
    {
      sum: place,
      product: null,
    },
  );
  assert.equal(second.sum, place);
  assert.deepEqual(place.data, Float32Array.of(15, 25));
  assert.deepEqual(second.product?.data, Float32Array.of(50, 100));
  assert.deepEqual(first.sum?.data, Float32Array.of(11, 22));
  assert.deepEqual(Object.keys(second), ['sum', 'product']);
});

test('weights that have been replaced are refused before they are mapped', async () => {
  const weights = {
    folder: '.',
    assertUnchanged: () => {
      throw new Error('replaced');
    },
  };
  await assert.rejects(backend.compile(smallGraph(), weights), /replaced/);
});

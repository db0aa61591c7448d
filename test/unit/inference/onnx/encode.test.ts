/** What the graph builder writes, read back by an independent decoder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import onnxProto from 'onnx-proto';
import { encodeModel } from '../../../../src/inference/onnx/encode.ts';
import { Graph } from '../../../../src/inference/onnx/graph.ts';

const { onnx } = onnxProto;

test('integers, floats and lists of attributes and constants survive the encoding', () => {
  const g = new Graph();
  const x = g.input('x', 'float', ['N', 4]);
  const y = g.node('Made', [x], x, { small: -3, large: 2 ** 40, list: [-1, 0, 300], real: { float: 0.1 } });
  g.node('Constants', [g.integers([-(2 ** 40), 7]), g.float(0.5)], y);
  const { graph } = onnx.ModelProto.decode(encodeModel(g));
  const attributes = new Map(graph?.node?.[0]?.attribute?.map((attribute) => [attribute.name, attribute]));
  assert.equal(Number(attributes.get('small')?.i), -3);
  assert.equal(Number(attributes.get('large')?.i), 2 ** 40);
  assert.deepEqual(attributes.get('list')?.ints?.map(Number), [-1, 0, 300]);
  assert.equal(attributes.get('real')?.f, Math.fround(0.1));
  const [integers, real] = graph?.initializer ?? [];
  const bytes = Uint8Array.from(integers?.rawData ?? []);
  assert.deepEqual([...new BigInt64Array(bytes.buffer)], [BigInt(-(2 ** 40)), 7n]);
  assert.deepEqual([...new Float32Array(Uint8Array.from(real?.rawData ?? []).buffer)], [0.5]);
  assert.deepEqual(
    graph?.input?.[0]?.type?.tensorType?.shape?.dim?.map((dim) => dim.dimParam || Number(dim.dimValue)),
    ['N', 4],
  );
});

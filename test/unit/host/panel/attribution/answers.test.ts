import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layersOf } from '../../../../../src/host/panel/attribution/answers.ts';
import type { Explanation } from '../../../../../src/protocol/results.ts';

test('layers of characters that are read in pieces are the sums of the pieces, also in a group', () => {
  const token = (first: number, pieces: number) => ({ start: 0, end: 0, text: '', score: 0, first, pieces });
  const explanation = {
    tokens: Array(4).fill(null),
    layers: { rows: 2, contributions: Float32Array.of(1, 2, 4, 8, 10, 20, 40, 80) },
  } as unknown as Explanation;
  const tokens = [token(0, 1), token(1, 2), token(3, 1)];
  const groups = [
    { tokens: [1], score: 0 },
    { tokens: [0, 2], score: 0 },
  ];
  const { rows, columns, contributions } = layersOf({ explanation, tokens }, groups);
  assert.deepEqual([rows, columns, [...contributions]], [2, 2, [6, 9, 60, 90]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandOf, surprisalLine } from '../../../src/text/rankBand.ts';

test('ranks have the bands of 1, 10, 100 and 1,000', () => {
  assert.deepEqual([1, 2, 10, 11, 100, 101, 1000, 1001, 50_257].map(bandOf), [0, 1, 1, 3, 3, 5, 5, 7, 7]);
});

test('each band has another line, and what was nearly expected has none', () => {
  assert.deepEqual(
    [1, 10, 100, 1000, 1001].map((rank) => surprisalLine(bandOf(rank))),
    [0, 0, 1, 2, 3],
  );
});

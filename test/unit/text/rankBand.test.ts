import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandOf } from '../../../src/text/rankBand.ts';

test('ranks have the bands of 1, 10, 100 and 1,000', () => {
  assert.deepEqual([1, 2, 10, 11, 100, 101, 1000, 1001, 50_257].map(bandOf), [0, 2, 2, 4, 4, 6, 6, 7, 7]);
});

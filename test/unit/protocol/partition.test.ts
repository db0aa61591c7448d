import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { rangesOf, segmentation } from '../../../src/protocol/partition.ts';

test('ranges in ascending order are read, gaps between them too', () => {
  assert.deepEqual(rangesOf('0-12'), [{ start: 0, end: 12 }]);
  assert.deepEqual(rangesOf('0-12,12-30,40-41'), [
    { start: 0, end: 12 },
    { start: 12, end: 30 },
    { start: 40, end: 41 },
  ]);
});

test('anything else is no segmentation', () => {
  for (const wrong of [
    '',
    '5',
    '5-5',
    '6-5',
    '0-3,2-4',
    '4-6,0-2',
    '0-3,',
    ' 0-3',
    '-1-3',
    '0-3;4-5',
    '0-1e3',
    'words',
    'Lines',
  ]) {
    assert.equal(rangesOf(wrong), null, wrong);
    assert.equal(v.is(segmentation, wrong), false, wrong);
  }
  for (const right of ['sentences', 'lines', 'items', '3-9']) assert.ok(v.is(segmentation, right), right);
  for (const wrong of [null, 3, ['0-3']]) assert.equal(v.is(segmentation, wrong), false);
});

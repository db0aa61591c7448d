import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { levelOf, levels } from '../../../src/text/level.ts';

describe('levelOf', () => {
  test('gives the strongest the full colour, and its sign', () => {
    assert.equal(levelOf(2, 2, 1), levels);
    assert.equal(levelOf(-2, 2, 1), -levels);
    assert.equal(levelOf(-1, 2, 2), -levels);
  });

  test('gives nothing to what is next to nothing', () => {
    assert.equal(levelOf(0.01, 2, 1), 0);
    assert.equal(levelOf(0, 0, 1), 0);
  });
});

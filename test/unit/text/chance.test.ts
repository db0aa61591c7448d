import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceOf } from '../../../src/text/chance.ts';

const piece = (logProb: number | null, rank: number | null, entropy: number | null) => ({
  ...{ logProb, rank, entropy },
});

test('a whole token has its probability, rank and entropy', () => {
  assert.deepEqual(chanceOf([piece(-1, 3, 2)]), { logProb: -1, whole: { rank: 3, entropy: 2 } });
});

test('of a character read in pieces surprisals add up; no piece’s rank or entropy is that of the character', () => {
  assert.deepEqual(chanceOf([piece(-1, 3, 2), piece(-2, 1, 1), piece(-0.5, 7, 3)]), {
    logProb: -3.5,
    whole: null,
  });
});

test('nothing is known of the first token of a text, and of what has not been scored', () => {
  assert.equal(chanceOf([]), null);
  assert.equal(chanceOf([piece(null, null, null), piece(-1, 1, 1)]), null);
  assert.equal(chanceOf([piece(-1, 1, 1), piece(null, 1, 1)]), null);
});

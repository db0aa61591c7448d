import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenScore } from '../../../src/protocol/results.ts';
import { averagesOf } from '../../../src/text/averages.ts';
import { averageTexts } from '../../../src/text/telling/scores.ts';
import { telling } from './telling/explained.ts';

const scored = (start: number, end: number, probability: number | null): TokenScore => ({
  ...{ id: 1, text: '', start, end, context: 0, top: [] },
  ...(probability === null
    ? { logProb: null, rank: null, entropy: null, wordEnd: null }
    : { logProb: Math.log(probability), rank: 1, entropy: 1, wordEnd: -1 }),
});

const told = (tokens: TokenScore[], text: string) => averageTexts(averagesOf(tokens, text)!, telling);

test('per token and per byte', () => {
  // 3 + 1 bits over 2 tokens, and over the 4 bytes of "bé!".
  assert.deepEqual(told([scored(0, 1, null), scored(1, 3, 1 / 8), scored(3, 4, 1 / 2)], 'abé!'), [
    'perplexity 4',
    '2 bits per token',
    '1 bits per byte',
    'over 2 predicted tokens',
  ]);
});

test('a character that was begun without a prediction has no bytes that are counted', () => {
  // 好 in two tokens of which only the second was predicted, then two bytes at 4 bits.
  assert.ok(
    told([scored(0, 1, null), scored(1, 1, 1 / 1024), scored(1, 3, 1 / 16)], '好ab').includes(
      '2 bits per byte',
    ),
  );
  assert.deepEqual(averagesOf([scored(0, 1, null), scored(1, 1, 1 / 4)], '好')!.bitsPerByte, null);
});

test('none where nothing is predicted', () => {
  assert.equal(averagesOf([scored(0, 1, null)], 'a'), null);
});

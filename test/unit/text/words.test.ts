/** Surprisal of words on distributions that are counted by hand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { shownWords, type WordToken, wordGroups, wordsOf } from '../../../src/text/words.ts';

type Given = [text: string, logProb: number | null, wordEnd: number | null];

const placed = (given: readonly Given[], from = 0): WordToken[] => {
  let at = from;
  return given.map(([text, logProb, wordEnd]) => {
    at += text.length;
    return { text, start: at - text.length, end: at, logProb, wordEnd };
  });
};

const textOf = (tokens: readonly WordToken[]) => tokens.map(({ text }) => text).join('');
const told = (tokens: readonly WordToken[], wordEnd: number | null) =>
  shownWords(textOf(tokens), tokens, wordEnd).map(({ text, logProb }) => [text, logProb]);

describe('wordsOf', () => {
  test('takes the end of the word before out of each word, and its own end in', () => {
    const tokens = placed([
      ['un', -1, -8],
      ['do', -2, -0.5],
      [' it', -4, -0.25],
      ['.', -3, -0.125],
    ]);
    assert.deepEqual(told(tokens, -16), [
      ['undo', -1 - 2 - 0.25],
      [' it.', -4 - 3 + 0.25 - 16],
    ]);
  });

  test('counts no end before the text’s first word, and gives none where nothing predicts it', () => {
    assert.deepEqual(told(placed([['a', -1, -8]]), -2), [['a', -3]]);
    const unpredicted = placed([
      ['a', null, null],
      [' b', -1, -2],
    ]);
    assert.deepEqual(told(unpredicted, -4), [
      ['a', null],
      [' b', -1 + 2 - 4],
    ]);
  });

  test('white space in front belongs to the word, also in several tokens; at the end it is no word', () => {
    const tokens = placed([
      ['a', -1, -8],
      ['\n', -2, -0.5],
      ['  ', -3, -0.25],
      [' b', -4, -0.125],
      [' ', -5, -0.0625],
    ]);
    assert.deepEqual(told(tokens, -16), [
      ['a', -1 - 0.5],
      ['\n   b', -2 - 3 - 4 + 0.5 - 0.0625],
    ]);
    assert.deepEqual(told(placed([['  ', -1, -1]]), -1), []);
  });

  test('leaves out what is cut off: by the end, by the front, by a gap', () => {
    const tokens = placed([
      ['a', -1, -8],
      [' b', -2, -0.5],
    ]);
    assert.deepEqual(told(tokens, null), [['a', -1.5]]);
    const later = placed([[' a', -1, -8], ...tokens.slice(1).map((): Given => [' b', -2, -0.5])], 7);
    assert.deepEqual(
      wordsOf(later, -1).map(({ first }) => first),
      [1],
    );
    const gap = [
      ...tokens,
      ...placed(
        [
          [' c', -1, -1],
          [' d', -1, -1],
        ],
        9,
      ),
    ];
    assert.deepEqual(
      wordsOf(gap, -1).map(({ first }) => first),
      [0, 3],
    );
  });

  test('sums over all words of a text to the sum over its tokens, but for the last end', () => {
    const piece = fc.constantFrom('a', ' b', ' ', '\n', 'c', '\u00a0d', '\ufffd');
    const number = fc.double({ min: -9, max: 0, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(piece, number, number), { minLength: 1, maxLength: 12 }),
        number,
        (given, end) => {
          const tokens = placed([...given, [' z', -1, -2]]);
          const groups = wordGroups(tokens);
          assert.deepEqual(
            groups.flatMap(({ first, end: last }) =>
              Array.from({ length: last - first }, (_, i) => first + i),
            ),
            tokens.map((_, index) => index),
          );
          const words = wordsOf(tokens, end).reduce((sum, { logProb }) => sum + logProb!, 0);
          const sum = tokens.reduce((all, { logProb }) => all + logProb!, 0);
          assert.ok(Math.abs(words - (sum + end)) < 1e-9);
        },
      ),
    );
  });
});

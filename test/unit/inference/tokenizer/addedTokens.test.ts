/** Where added tokens are found in a text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AddedTokens } from '../../../../src/inference/tokenizer/addedTokens.ts';

const piecesOf = (tokens: readonly string[], text: string) =>
  [...new AddedTokens(tokens).pieces(text)].map((piece) => (piece.isAdded ? `[${piece.text}]` : piece.text));

test('the leftmost counts, and of those that begin at the same place the longest', () => {
  assert.deepEqual(piecesOf(['ab', 'abc', 'bcd'], 'xabcdab'), ['x', '[abc]', 'd', '[ab]']);
  assert.deepEqual(piecesOf(['<|a|>'], '<|a|><|a|>'), ['[<|a|>]', '[<|a|>]']);
  assert.deepEqual(piecesOf([], 'abc'), ['abc']);
  assert.deepEqual(piecesOf(['a'], ''), []);
});

test('signs of patterns and characters of two code units are text like any other', () => {
  assert.deepEqual(piecesOf(['[', ']', '^', '\\', '.*'], 'a]^.*\\b'), [
    'a',
    '[]]',
    '[^]',
    '[.*]',
    '[\\]',
    'b',
  ]);
  assert.deepEqual(piecesOf(['🙂'], 'a🙂🙃'), ['a', '[🙂]', '🙃']);
  // The two share their first code unit.
  assert.deepEqual(piecesOf(['🙂'], '\ud83d'), ['\ud83d']);
});

test('it finds what one pattern of all tokens, the longest first, finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '🙂', '.', '\n'), minLength: 1, maxLength: 4 });
  const escaped = (token: string) => token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 6 }),
      fc.array(word, { maxLength: 20 }),
      (tokens, words) => {
        const text = words.join('');
        const longest = [...tokens].sort((a, b) => b.length - a.length);
        const pattern = new RegExp(`(${longest.map(escaped).join('|')})`, 'u');
        const expected = text
          .split(pattern)
          .map((piece, index) => (index % 2 === 1 ? `[${piece}]` : piece))
          .filter((piece) => piece !== '');
        assert.deepEqual(piecesOf(tokens, text), expected);
      },
    ),
  );
});

test('20 MB of tokens, for which a pattern of all of them would be too large', () => {
  const tokens = Array.from({ length: 50_000 }, (_, id) => `<|${id}${'x'.repeat(400)}|>`);
  assert.deepEqual(piecesOf(tokens, `a${tokens[7]}b`), ['a', `[${tokens[7]}]`, 'b']);
});

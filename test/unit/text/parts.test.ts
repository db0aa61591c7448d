import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partAt, partsOf } from '../../../src/text/parts.ts';

/** Tokens that tile a text. */
function tiled(...texts: string[]) {
  let end = 0;
  const tokens = texts.map((text) => {
    const start = end;
    end += text.length;
    return { start, end };
  });
  return { text: texts.join(''), tokens };
}

test('a token is in the word of its first character, white space alone in the one of its last', () => {
  const { text, tokens } = tiled('The', ' cap', 'ital', '\n', '  ', ' of', '.');
  const words = partsOf(text, tokens, 'words');
  assert.equal(words[1], words[2]);
  assert.equal(new Set(words).size, 6);
  assert.deepEqual(
    words,
    words.toSorted((a, b) => a - b),
  );
});

test('a line break belongs to the line that it ends', () => {
  const { text, tokens } = tiled('a', '\n', ' b', ' c', '\n', '\n', 'd', '\n');
  assert.deepEqual(partsOf(text, tokens, 'lines'), [0, 0, 1, 1, 1, 2, 3, 3]);
});

test('only the tokens’ own text is divided', () => {
  const { text, tokens } = tiled('a', '\n', 'b', '\n', 'c');
  assert.deepEqual(partsOf(text, tokens.slice(2), 'lines'), [0, 0, 1]);
  assert.deepEqual(partsOf(text, [], 'words'), []);
});

test('what continues a character has no text of its own and stays with it', () => {
  const text = '国\nb';
  const tokens = [
    { start: 0, end: 1 },
    { start: 1, end: 1 },
    { start: 1, end: 2 },
    { start: 2, end: 3 },
  ];
  assert.deepEqual(partsOf(text, tokens, 'lines'), [0, 0, 0, 1]);
});

test('the part at an offset', () => {
  const starts = [2, 3, 7];
  assert.deepEqual(
    [0, 1, 2, 3, 4, 6, 7, 100].map((offset) => partAt(starts, offset)),
    [-1, -1, 0, 1, 1, 1, 2, 2],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemStarts, partAt, partsOf, sentenceStarts } from '../../../src/text/parts.ts';

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

/** The text from each start to the next. */
const pieces = (text: string, starts: readonly number[]) =>
  starts.map((start, at) => text.slice(start, starts[at + 1] ?? text.length));
const all = (text: string) => ({ start: 0, end: text.length });

test('sentences end at their marks and at line breaks, not at titles, and are never white space alone', () => {
  const sentences = (text: string) => pieces(text, sentenceStarts(text, all(text), 'en'));
  assert.deepEqual(sentences('Mr. Smith left. He slept! Why?\n\nNobody knew'), [
    'Mr. Smith left. ',
    'He slept! ',
    'Why?\n\n',
    'Nobody knew',
  ]);
  assert.deepEqual(sentences('模型读了。然后写了！'), ['模型读了。', '然后写了！']);
  assert.deepEqual(sentences('\n  one'), ['\n  one']);
  assert.deepEqual(sentences(''), []);
});

test('items begin with a list marker or after a blank line', () => {
  const items = (text: string) => pieces(text, itemStarts(text, all(text)));
  assert.deepEqual(items('To do:\n- buy\n  milk\n- sleep\n'), ['To do:\n', '- buy\n  milk\n', '- sleep\n']);
  assert.deepEqual(items('1. one\n2) two\n(c) three\n3、四 '), ['1. one\n', '2) two\n', '(c) three\n3、四 ']);
  assert.deepEqual(items('great -> good\n\nawful -> bad\n \n\nfine ->'), [
    'great -> good\n\n',
    'awful -> bad\n \n\n',
    'fine ->',
  ]);
  assert.deepEqual(items('Q: a?\nA: b.\nQ: c?\nA:'), ['Q: a?\nA: b.\n', 'Q: c?\nA:']);
  assert.deepEqual(items('one\ntwo -three\n'), ['one\ntwo -three\n']);
});

test('ranges: a token is in the one that holds its first character, or in none', () => {
  const { text, tokens } = tiled('ab', ' cd', 'ef', ' gh');
  assert.deepEqual(partsOf(text, tokens, '0-2,3-5,8-10'), [0, 1, -1, 2]);
});

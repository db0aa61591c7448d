import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BPE } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { byteToCharacter } from '../../../../src/inference/tokenizer/byteAlphabet.ts';
import { LongWordMerger } from '../../../../src/inference/tokenizer/longWords.ts';
import { checkVocabulary } from '../../../../src/inference/tokenizer/vocabulary.ts';
import { tokenizerFixture } from '../../../fixtures/tokenizer.ts';
import { propertyRuns } from '../../../fixtures/unicode.ts';

interface Pair {
  ours: (word: Uint8Array) => number[];
  library: (word: Uint8Array) => number[];
}

function pair(merges: [string, string][], vocab: Record<string, number>): Pair {
  const vocabulary = checkVocabulary('tokenizer.json', { vocab, merges, added: [] }, 100_000);
  const merger = new LongWordMerger(vocabulary);
  const bpe = new BPE({ type: 'BPE', vocab, merges });
  const spell = (word: Uint8Array): string => Array.from(word, (byte) => byteToCharacter[byte]).join('');
  return {
    ours: (word) => [...merger.merge(word)],
    library: (word) => bpe.encode([spell(word)]).map((token) => vocab[token]!),
  };
}

const trained = tokenizerFixture(700);

/** Merges of a and b in any order, so that a merge can make way for one that comes before it. */
const tangled = fc.shuffledSubarray(
  ['a a', 'a b', 'b a', 'b b', 'aa a', 'a aa', 'ab a', 'aa b', 'b aa', 'aa aa', 'ab ab', 'aab a', 'ba ba'],
  { minLength: 3 },
);

test('long words are merged as the library merges them, in whatever order the merges are', () => {
  const words = fc.array(fc.constantFrom(97, 98), { maxLength: 100, size: 'max' });
  fc.assert(
    fc.property(tangled, words, (order, word) => {
      const tokens = new Set([...byteToCharacter, '<|endoftext|>']);
      const merges = order.map((merge) => merge.split(' ') as [string, string]);
      for (const [left, right] of merges) for (const token of [left, right, left + right]) tokens.add(token);
      const { ours, library } = pair(merges, Object.fromEntries([...tokens].map((token, id) => [token, id])));
      const bytes = Uint8Array.from(word);
      assert.deepEqual(ours(bytes), library(bytes));
    }),
    { numRuns: propertyRuns / 20, seed: 4 },
  );
});

test('long words are merged as the library merges them, with trained merges and any bytes', () => {
  const { ours, library } = pair(trained.merges, trained.vocabulary);
  const pieces = fc.constantFrom(
    'the',
    'cap',
    'tion',
    'func',
    'ing',
    'number',
    'fibon',
    'acci',
    'r',
    'and',
    '世界',
    'é',
  );
  const text = fc.array(pieces, { maxLength: 100, size: 'max' }).map((parts) => parts.join(''));
  const words = fc.oneof(
    text.map((word) => Buffer.from(word)),
    fc.uint8Array({ maxLength: 400, size: 'max' }),
  );
  fc.assert(
    fc.property(words, (word) => assert.deepEqual(ours(word), library(word))),
    { numRuns: propertyRuns / 10, seed: 5 },
  );
});

test('a word of a megabyte is merged', () => {
  const { ours } = pair(trained.merges, trained.vocabulary);
  const word = Buffer.alloc(2 ** 20, 'the');
  const ids = ours(word);
  const name = Object.fromEntries(Object.entries(trained.vocabulary).map(([token, id]) => [id, token]));
  assert.equal(ids.map((id) => name[id]).join(''), word.toString());
  assert.ok(ids.length < word.length);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { characterEdits } from '../../../../src/inference/search/characters.ts';
import { applyEdits, distanceOf, editedPlaces, withEdit } from '../../../../src/inference/search/edits.ts';
import { keysBeside } from '../../../../src/inference/search/keyboard.ts';
import { Top } from '../../../../src/inference/search/top.ts';
import { formOf, isWord } from '../../../../src/inference/search/vocabulary.ts';
import type { TextEdit } from '../../../../src/protocol/results.ts';
import { random } from '../../../fixtures/random.ts';

describe('edits', () => {
  const text = 'one two three';

  test('a further edit is placed in the text itself', () => {
    const one = withEdit(text, [], { kind: 'substitute', start: 3, end: 7, new: ' fourteen' });
    assert.deepEqual(one, [{ kind: 'substitute', start: 4, end: 7, old: 'two', new: 'fourteen' }]);
    assert.equal(applyEdits(text, one), 'one fourteen three');
    const two = withEdit(text, one, { kind: 'drop', start: 13, end: 14, new: '' });
    assert.deepEqual(two.at(-1), { kind: 'drop', start: 8, end: 9, old: 't', new: '' });
    const three = withEdit(text, two, { kind: 'insert', start: 0, end: 0, new: 'a ' });
    assert.equal(applyEdits(text, three), 'a one fourteen hree');
    assert.deepEqual(editedPlaces(three), [
      { start: 0, end: 2 },
      { start: 6, end: 14 },
      { start: 15, end: 15 },
    ]);
  });

  test('the distance counts characters that are put in, left out or replaced', () => {
    const edit = (old: string, put: string): TextEdit => ({
      kind: 'substitute',
      start: 0,
      end: old.length,
      old,
      new: put,
    });
    for (const [old, put, distance] of [
      ['kitten', 'sitting', 3],
      ['', 'abc', 3],
      ['abc', '', 3],
      ['ab', 'ba', 2],
      ['🙂x', '🙃x', 1],
    ] as const)
      assert.equal(distanceOf([edit(old, put)]), distance, `${old} ${put}`);
    assert.equal(distanceOf([edit('a', 'b'), edit('', 'cd')]), 3);
  });
});

describe('slips of the hand', () => {
  const of = (kind: Parameters<typeof characterEdits>[0], text: string) =>
    characterEdits(kind, text, { start: 0, end: text.length }, () => true).map(
      (edit) => text.slice(0, edit.start) + edit.new + text.slice(edit.end),
    );

  test('of each kind', () => {
    assert.deepEqual(of('swap', 'ab b'), ['ba b']);
    assert.deepEqual(of('swap', 'aab'), ['aba']);
    assert.deepEqual(of('drop', 'a é'), [' é', 'a ']);
    assert.deepEqual(of('repeat', 'a🙂'), ['aa🙂', 'a🙂🙂']);
    assert.deepEqual(of('case', 'aß1 B'), ['Aß1 B', 'aß1 b']);
    assert.deepEqual(of('key', 'Q'), ['W', 'A']);
    assert.deepEqual(of('key', '…'), []);
  });

  test('keys lie beside each other both ways', () => {
    for (const key of 'qwertyuiopasdfghjklzxcvbnm1234567890') {
      assert.ok(keysBeside(key).length >= 1 && keysBeside(key).length <= 6);
      for (const other of keysBeside(key)) assert.ok(keysBeside(other).includes(key), `${key} ${other}`);
    }
    assert.deepEqual(new Set(keysBeside('g')), new Set(['f', 'h', 't', 'y', 'v', 'b']));
  });
});

test('words and their form', () => {
  assert.deepEqual([' word', 'Wörd', ' two words', 'don’t', ' ', '1a'].map(isWord), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  assert.deepEqual([' a', 'A', 'Ab', 'ABC', 'aB', ' 12', '12'].map(formOf), [
    '_a',
    'Aa',
    'Aa',
    'AA',
    'aA',
    '_-',
    '-',
  ]);
});

test('the largest of many numbers', () => {
  const uniform = random(3);
  const numbers = Array.from({ length: 500 }, () => Math.floor(uniform() * 100));
  for (const most of [0, 1, 7, 499, 600]) {
    const top = new Top(most);
    for (const [item, value] of numbers.entries()) top.add(value, item);
    const sorted = numbers.toSorted((a, b) => b - a).slice(0, most);
    assert.deepEqual(
      top.sorted().map(({ value }) => value),
      sorted,
    );
    for (const { value, item } of top.sorted()) assert.equal(numbers[item], value);
  }
});

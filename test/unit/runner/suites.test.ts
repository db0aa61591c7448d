import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chosenFiles } from '../../runner/suites.ts';

const filesOf = (suite: string) =>
  ['a/hover', 'a/live', 'panel'].map((name) => `test/${suite}/${name}.test.ts`);
const chosen = (...words: string[]) => Object.fromEntries(chosenFiles(words, filesOf));

describe('chosenFiles', () => {
  test('are those of every suite without a word, and of a suite by its name', () => {
    assert.deepEqual(Object.keys(chosen()), ['process', 'unit', 'reference', 'cli', 'extension', 'e2e']);
    assert.deepEqual(chosen('cli', 'unit'), { cli: filesOf('cli'), unit: filesOf('unit') });
  });

  test('are those of the suite before that have a word in their path', () => {
    assert.deepEqual(chosen('extension', 'hover', 'e2e', 'a/', 'hover'), {
      extension: ['test/extension/a/hover.test.ts'],
      e2e: ['test/e2e/a/hover.test.ts', 'test/e2e/a/live.test.ts'],
    });
  });

  test('a word that names nothing is refused', () => {
    assert.throws(() => chosen('hover'), /There is no suite hover/);
    // The folder's own name is no part of a file's.
    assert.throws(() => chosen('e2e', 'e2e/'), /has no file e2e\//);
    assert.throws(() => chosen('cli', 'hover', 'hovver'), /has no file hovver/);
  });
});

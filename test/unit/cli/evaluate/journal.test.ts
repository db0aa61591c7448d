import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openJournal } from '../../../../src/cli/evaluate/journal.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const left = (key: string) => ({ key, answer: null, reason: `no ${key}` });

test('what was written is known to the next run; a line that was cut off is not, and nothing is lost', (t) => {
  const file = path.join(temporaryFolder(t), 'results.jsonl');
  const first = openJournal(file);
  assert.equal(first.find('a'), undefined);
  first.add(left('a'));
  first.add(left('b'));
  assert.equal(first.find('b')?.reason, 'no b');
  first.close();
  const whole = readFileSync(file, 'utf8');
  appendFileSync(file, '{"key":"c","ans');
  const second = openJournal(file);
  assert.deepEqual([second.find('a')?.reason, second.find('c')], ['no a', undefined]);
  assert.equal(readFileSync(file, 'utf8'), whole);
  second.add(left('c'));
  second.close();
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 4);
  const third = openJournal(file);
  assert.equal(third.find('c')?.reason, 'no c');
  third.close();
});

test('a file that is something else is not touched', (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'notes.txt');
  writeFileSync(file, 'my notes\nmore\nand the end');
  assert.throws(
    () => openJournal(file),
    /notes\.txt cannot keep the results: line 1 is not one of its lines/,
  );
  assert.equal(readFileSync(file, 'utf8'), 'my notes\nmore\nand the end');
  assert.throws(() => openJournal(folder), /cannot keep the results/);
});

test('without a file nothing outlives the run', () => {
  const journal = openJournal(null);
  journal.add(left('a'));
  assert.equal(journal.find('a')?.reason, 'no a');
  journal.close();
});

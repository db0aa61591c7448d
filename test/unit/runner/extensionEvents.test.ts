import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuiteEvent } from '../../extension/run.ts';
import { outcomesOf } from '../../runner/extensionEvents.ts';

const begun = (file: string): SuiteEvent => ({ kind: 'begun', file });
const passed: SuiteEvent = { kind: 'passed', title: 'passes' };
const failed: SuiteEvent = { kind: 'failed', title: 'fails', error: 'why' };
const ended: SuiteEvent = { kind: 'ended', seconds: 2 };
const end: SuiteEvent = { kind: 'end' };

const told = (files: string[], ...events: SuiteEvent[]) =>
  outcomesOf(files, events, 'exit code 137').map(({ file, passed, failed, failure }) => [
    file,
    passed,
    failed,
    failure?.error,
  ]);

test('tests count for the file between whose beginning and end they are', () => {
  assert.deepEqual(
    told(['a', 'b'], begun('a'), passed, failed, ended, begun('b'), passed, passed, ended, end),
    [
      ['a', 1, 1, 'why'],
      ['b', 2, 0, undefined],
    ],
  );
});

test('when the host dies, the file in which it did has failed, and so have those that were to come', () => {
  assert.deepEqual(told(['a', 'b', 'c'], begun('a'), passed, ended, begun('b'), passed), [
    ['a', 1, 0, undefined],
    ['b', 1, 1, 'It did not come to its end: exit code 137'],
    ['c', 0, 1, 'It was not run: the run ended before.'],
  ]);
});

test('a file without a test has failed', () => {
  assert.deepEqual(told(['a'], begun('a'), ended, end), [['a', 0, 1, 'There is no test in it.']]);
});

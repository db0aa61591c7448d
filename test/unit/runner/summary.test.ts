import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type StageResult, summaryOf } from '../../runner/summary.ts';

const result = (
  name: string,
  passed: number,
  failed: number,
  more: Partial<StageResult> = {},
): StageResult => ({
  ...{ name, seconds: 61.4, counts: { passed, failed, skipped: 0 }, isCheck: false, files: [], flaky: [] },
  ...more,
});

test('the last line counts what passed and failed, failed checks among the latter', () => {
  const of = (...results: StageResult[]) => summaryOf(results).at(-1);
  assert.equal(of(result('unit', 5, 0), result('cli', 2, 0)), '7 passed, 0 failed');
  assert.equal(of(result('lint', 0, 1, { isCheck: true }), result('unit', 5, 2)), '5 passed, 3 failed');
});

test('what is flaky stands above it, with its error', () => {
  const flaky = [{ file: 'test/e2e/a.test.ts', title: 'opens', error: 'Error: late\n  at x' }];
  assert.deepEqual(summaryOf([result('e2e', 5, 0, { flaky }), result('unit', 1, 0)]).slice(2), [
    '',
    'flaky: failed at first, and passed once more by itself',
    '  test/e2e/a.test.ts: opens',
    '    Error: late',
    '      at x',
    '',
    '6 passed, 0 failed',
  ]);
});

test('a suite’s slowest files are named', () => {
  const file = (name: string, seconds: number) => ({
    ...{ file: `test/unit/${name}.test.ts`, passed: 1, failed: 0, skipped: 0, seconds },
  });
  const files = [file('a', 1), file('b/c', 30), file('d', 2), file('e', 3)];
  assert.match(summaryOf([result('unit', 4, 0, { files })])[1]!, /^ +slowest: b\/c 30 s, e 3 s, d 2 s$/);
});

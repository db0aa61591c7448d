import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { onceMore } from '../../runner/onceMore.ts';
import { accountFor, type FileOutcome, sumOf } from '../../runner/outcome.ts';

type Attempt = { passed: number; failed?: string[] } | 'not run';

/** A suite whose files end as they are told to, the first time and the next ones. */
class FakeSuite {
  readonly runs: string[][] = [];
  readonly #files: Record<string, Attempt[]>;

  constructor(files: Record<string, Attempt[]>) {
    this.#files = files;
  }

  readonly run = async (files: string[]): Promise<FileOutcome[]> => {
    this.runs.push(files);
    const heard = files.flatMap((file): FileOutcome[] => {
      const attempt = this.#files[file]!.shift();
      assert.ok(attempt, `${file} is run more often than it should be`);
      if (attempt === 'not run') return [];
      const { passed, failed = [] } = attempt;
      const failure = failed[0] && { failure: { title: failed[0], error: `${failed[0]} went wrong` } };
      return [{ file, passed, failed: failed.length, skipped: 0, seconds: 1, ...failure }];
    });
    return accountFor(files, heard);
  };

  async settled() {
    return onceMore(await this.run(Object.keys(this.#files)), this.run);
  }
}

const good = () => ({ a: [{ passed: 3 }], b: [{ passed: 4 }] });

describe('onceMore', () => {
  test('runs nothing again where nothing failed', async () => {
    const suite = new FakeSuite(good());
    const { outcomes, flaky } = await suite.settled();
    assert.deepEqual(sumOf(outcomes), { passed: 7, failed: 0, skipped: 0 });
    assert.deepEqual([flaky, suite.runs], [[], [['a', 'b']]]);
  });

  test('a file that passes by itself counts as passed once, and is listed with its first failure', async () => {
    const suite = new FakeSuite({ ...good(), c: [{ passed: 1, failed: ['x', 'y'] }, { passed: 3 }] });
    const { outcomes, flaky } = await suite.settled();
    assert.deepEqual(sumOf(outcomes), { passed: 10, failed: 0, skipped: 0 });
    assert.deepEqual(flaky, [{ file: 'c', title: 'x', error: 'x went wrong' }]);
    assert.deepEqual(suite.runs, [['a', 'b', 'c'], ['c']]);
  });

  test('what fails twice has failed, by its second result, and is not flaky', async () => {
    const suite = new FakeSuite({
      ...good(),
      c: [
        { passed: 1, failed: ['x', 'y'] },
        { passed: 2, failed: ['y'] },
      ],
    });
    const { outcomes, flaky } = await suite.settled();
    assert.deepEqual(sumOf(outcomes), { passed: 9, failed: 1, skipped: 0 });
    assert.deepEqual([flaky, outcomes.at(-1)!.failure!.title], [[], 'y']);
  });

  test('each failing file is run by itself', async () => {
    const twice = () => [{ passed: 0, failed: ['x'] }, { passed: 1 }];
    const suite = new FakeSuite({ ...good(), c: twice(), d: twice() });
    const { flaky } = await suite.settled();
    assert.deepEqual(suite.runs, [['a', 'b', 'c', 'd'], ['c'], ['d']]);
    assert.deepEqual(
      flaky.map(({ file }) => file),
      ['c', 'd'],
    );
  });

  test('when the host dies, the files that were not reached are run; a file that never ran is not green', async () => {
    const suite = new FakeSuite({
      a: [{ passed: 3 }],
      b: [{ passed: 1, failed: ['dies'] }, { passed: 4 }],
      c: ['not run', { passed: 2 }],
      d: ['not run', { passed: 0, failed: ['x'] }, { passed: 5 }],
      e: ['not run', 'not run', 'not run'],
      f: ['not run', { passed: 1 }],
    });
    const { outcomes, flaky } = await suite.settled();
    const files = ['a', 'b', 'c', 'd', 'e', 'f'];
    assert.deepEqual(suite.runs, [files, ['c', 'd', 'e', 'f'], ['b'], ['d'], ['e']]);
    assert.deepEqual(
      outcomes.map(({ file, passed, failed }) => [file, passed, failed]),
      [3, 4, 2, 5, 0, 1].map((passed, i) => [files[i], passed, passed === 0 ? 1 : 0]),
    );
    assert.deepEqual(
      flaky.map(({ file, title }) => [file, title]),
      [
        ['b', 'dies'],
        ['d', 'x'],
      ],
    );
    assert.match(outcomes[4]!.failure!.error, /^It was not run/);
  });

  test('a run that throws, or that tells of other files, leaves the failure as it is', async () => {
    const first = await new FakeSuite({ ...good(), c: [{ passed: 2, failed: ['x'] }] }).run(['a', 'b', 'c']);
    const stray = await onceMore(first, async () => [
      { file: 'a', passed: 3, failed: 0, skipped: 0, seconds: 1 },
    ]);
    assert.deepEqual(sumOf(stray.outcomes), { passed: 9, failed: 1, skipped: 0 });
    await assert.rejects(
      onceMore(first, () => Promise.reject(new Error('no editor'))),
      /no editor/,
    );
  });

  test('a file that passes fewer tests by itself than before is not green', async () => {
    for (const passed of [0, 1]) {
      const suite = new FakeSuite({ ...good(), c: [{ passed: 2, failed: ['x'] }, { passed }] });
      const { outcomes, flaky } = await suite.settled();
      assert.deepEqual(sumOf(outcomes), { passed: 7 + passed, failed: 1, skipped: 0 });
      assert.deepEqual(flaky, []);
    }
  });

  test('if more than half of the files fail, nothing is run again, as that is no chance', async () => {
    const failing = () => [{ passed: 0, failed: ['x'] }];
    const suite = new FakeSuite({ a: [{ passed: 1 }], b: failing(), c: failing() });
    const { outcomes, flaky } = await suite.settled();
    assert.deepEqual(sumOf(outcomes), { passed: 1, failed: 2, skipped: 0 });
    assert.deepEqual([flaky, suite.runs.length], [[], 1]);
  });
});

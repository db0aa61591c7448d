/** What came of the test files that were run. */

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Failure {
  title: string;
  error: string;
}

export interface FileOutcome extends Counts {
  /** Its path in the repository. */
  file: string;
  /** What failed first. */
  failure?: Failure;
  /** The run ended before it came to this file. */
  notRun?: true;
  seconds: number;
}

export function sumOf(outcomes: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

export function nothingOf(file: string): FileOutcome {
  return { file, passed: 0, failed: 0, skipped: 0, seconds: 0 };
}

/** Counts one more failure of a file. */
export function fail(outcome: FileOutcome, failure: Failure): void {
  outcome.failed++;
  outcome.failure ??= failure;
}

/**
 * One outcome for each file that was to be run, in that order: a file of which nothing was heard has failed, and so has
 * one without a test.
 */
export function accountFor(files: readonly string[], heard: readonly FileOutcome[]): FileOutcome[] {
  const outcomes = new Map(heard.map((outcome) => [outcome.file, outcome]));
  return files.map((file) => {
    const outcome = outcomes.get(file) ?? { ...nothingOf(file), notRun: true };
    if (outcome.notRun) fail(outcome, { title: file, error: 'It was not run: the run ended before.' });
    else if (outcome.passed + outcome.failed + outcome.skipped === 0)
      fail(outcome, { title: file, error: 'There is no test in it.' });
    return outcome;
  });
}

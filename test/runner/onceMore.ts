/**
 * Failing files once more, each by itself. Tests that drive an editor or kill processes can fail because the machine is
 * busy with something else; what fails by itself, too, is wrong.
 */
import { type FileOutcome, fail } from './outcome.ts';

/** A file that passes by itself only. */
export interface Flaky {
  file: string;
  /** What failed first, the first time. */
  title: string;
  error: string;
}

export interface Settled {
  /** One for each file: of a file that was run twice, the second. */
  outcomes: FileOutcome[];
  flaky: Flaky[];
}

type Run = (files: string[]) => Promise<FileOutcome[]>;

/**
 * @param run runs files, and returns one outcome for each.
 * @returns what counts. No failing file is run again where more than half of the files fail: that is no chance.
 */
export async function onceMore(first: readonly FileOutcome[], run: Run): Promise<Settled> {
  const outcomes = await withThoseNotRun(first, run);
  const flaky: Flaky[] = [];
  const failing = outcomes.filter(({ failed }) => failed > 0);
  if (failing.length > 1 && failing.length > outcomes.length / 2) return { outcomes, flaky };
  for (const before of failing) {
    const after = (await run([before.file])).find(({ file }) => file === before.file);
    if (!after) continue;
    outcomes[outcomes.indexOf(before)] = after;
    if (after.failed > 0) continue;
    if (after.passed === 0 || after.passed < before.passed) {
      const error = `By itself ${after.passed} of its tests passed; before, ${before.passed} did.`;
      fail(after, { title: after.file, error });
    } else flaky.push({ file: before.file, ...before.failure! });
  }
  return { outcomes, flaky };
}

/** A host that dies takes the files with it that were to come: these have their first turn in one more run. */
async function withThoseNotRun(first: readonly FileOutcome[], run: Run): Promise<FileOutcome[]> {
  const missed = first.filter(({ notRun }) => notRun).map(({ file }) => file);
  if (missed.length === 0) return [...first];
  const later = await run(missed);
  return first.map((outcome) => later.find(({ file }) => outcome.notRun && file === outcome.file) ?? outcome);
}

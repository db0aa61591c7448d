/** Test files under node:test, each in a process of its own. */
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { format } from 'node:util';
import { root } from '../../scripts/lib/project.ts';
import { accountFor, type FileOutcome, fail, nothingOf } from './outcome.ts';

const testLimitMs = 4 * 60_000;

interface Options {
  /** Files at the same time; without it, as many as the machine has cores for. */
  concurrency?: number | undefined;
  limitMinutes: number;
}

/**
 * Runs files and prints their tests as they end.
 * @param files paths in the repository.
 */
export async function runUnderNode(
  files: readonly string[],
  { concurrency, limitMinutes }: Options,
): Promise<FileOutcome[]> {
  const outcomes = new Map<string, FileOutcome>();
  const outcomeOf = (absolute: string) => {
    const file = path.relative(root, absolute).replaceAll(path.sep, '/');
    const outcome = outcomes.get(file) ?? nothingOf(file);
    outcomes.set(file, outcome);
    return outcome;
  };
  const stream = run({
    files: files.map((file) => path.join(root, file)),
    concurrency: concurrency ?? true,
    // Not `forceExit` too: it ends a file before all of its results have been read, and the counts come out too low.
    timeout: testLimitMs,
    signal: AbortSignal.timeout(limitMinutes * 60_000),
  });
  stream.on('test:pass', ({ name, file, skip, todo, details }) => {
    const outcome = outcomeOf(file!);
    // A file without a single test is reported as one passed test of the file's name.
    if (details.type === 'suite' || name === file) return;
    if (skip !== undefined || todo !== undefined) outcome.skipped++;
    else outcome.passed++;
  });
  stream.on('test:fail', ({ name, file, details }) => {
    const { error, type } = details;
    // A group fails by its tests, which are counted, or by what is around them, which is not.
    if (type === 'suite' && (error as { failureType?: string }).failureType === 'subtestsFailed') return;
    const title = name === file ? path.basename(name) : name;
    fail(outcomeOf(file!), { title, error: format(error.cause ?? error) });
  });
  stream.on('test:summary', ({ file, duration_ms }) => {
    if (file !== undefined) outcomeOf(file).seconds = duration_ms / 1000;
  });
  for await (const text of stream.compose(spec)) process.stdout.write(text);
  return accountFor(files, [...outcomes.values()]);
}

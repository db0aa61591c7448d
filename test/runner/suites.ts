/** The test suites: what each runs, and how its tests are counted. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from '../../scripts/lib/project.ts';
import { Problem } from '../../scripts/lib/report.ts';
import { ensureCodeServer } from '../../scripts/workbench/codeServer.ts';
import type { SuiteEvent } from '../extension/run.ts';
import { ensureBrowser } from '../harness/browser.ts';
import { runExtensionSuite } from './inExtensionHost.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What a suite needs before it can run. */
export type Need = 'build' | 'package';

export interface Suite {
  needs: Need[];
  /** Test files run at the same time; 1 where they share the editor, the processor's cores or much memory. */
  concurrency?: number;
  limitMinutes: number;
}

/** Each is the folder of its name under test/; `extension` runs inside the extension host, the others under node:test. */
export const suites = {
  unit: { needs: [], limitMinutes: 10 },
  process: { needs: [], concurrency: 1, limitMinutes: 10 },
  reference: { needs: [], concurrency: 1, limitMinutes: 15 },
  cli: { needs: ['build'], concurrency: 1, limitMinutes: 10 },
  extension: { needs: ['build'], limitMinutes: 10 },
  e2e: { needs: ['build', 'package'], concurrency: 1, limitMinutes: 20 },
} satisfies Record<string, Suite>;

const testLimitMs = 4 * 60_000;

export type SuiteName = keyof typeof suites;

/** @throws Problem when a test file lies where no suite would run it. */
export function checkEveryTestHasASuite(): void {
  const lost = globSync('test/**/*.test.ts', { cwd: root }).filter(
    (file) => !Object.hasOwn(suites, file.split(path.sep)[1]!),
  );
  if (lost.length > 0) throw new Problem(`No suite runs ${lost.join(', ')}: see test/runner/suites.ts.`);
}

/**
 * Runs a suite and prints its tests as they end.
 * @throws Problem when it did not come to its end.
 */
export function runSuite(name: SuiteName): Promise<Counts> {
  return name === 'extension' ? runInExtensionHost() : runUnderNode(name, suites[name]);
}

async function runUnderNode(name: SuiteName, { concurrency, limitMinutes }: Suite): Promise<Counts> {
  const files = globSync(`test/${name}/**/*.test.ts`, { cwd: root }).map((file) => path.join(root, file));
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  if (name === 'e2e') {
    await ensureCodeServer();
    await ensureBrowser();
  }
  const stream = run({
    files: files.sort(),
    concurrency: concurrency ?? true,
    // Not `forceExit` too: it ends a file before all of its results have been read, and the counts come out too low.
    timeout: testLimitMs,
    signal: AbortSignal.timeout(limitMinutes * 60_000),
  });
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const empty: string[] = [];
  stream.on('test:summary', ({ file, counts: of }) => {
    if (file !== undefined) return;
    counts.passed = of.passed;
    counts.failed = of.tests - of.passed - of.skipped - of.todo;
    counts.skipped = of.skipped + of.todo;
  });
  // A file without a single test is reported as one passed test of the file's name.
  stream.on('test:pass', ({ name: title, file }) => {
    if (title === file) empty.push(path.relative(root, file));
  });
  for await (const text of stream.compose(spec)) process.stdout.write(text);
  if (empty.length > 0) console.error(`There is no test in ${empty.join(', ')}.`);
  return { ...counts, passed: counts.passed - empty.length, failed: counts.failed + empty.length };
}

async function runInExtensionHost(): Promise<Counts> {
  const events = await runExtensionSuite(suites.extension.limitMinutes);
  const signs: Record<SuiteEvent['kind'], string> = { passed: '✔', failed: '✖', skipped: '﹣', end: '' };
  for (const event of events) {
    if (event.kind === 'end') continue;
    console.log(`${signs[event.kind]} ${event.title}`);
    if (event.kind === 'failed') console.log(event.error);
  }
  const count = (kind: SuiteEvent['kind']) => events.filter((event) => event.kind === kind).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

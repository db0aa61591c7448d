/** The suite's entry inside the extension host: runs the bundled test files beside it with mocha, one after the other. */
import { appendFileSync, globSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * One line of the report. Between a file's `begun` and its `ended` are its tests; the last line of a run that came to its
 * end is `end`.
 */
export type SuiteEvent =
  | { kind: 'begun'; file: string }
  | { kind: 'passed' | 'skipped'; title: string }
  | { kind: 'failed'; title: string; error: string }
  | { kind: 'ended'; seconds: number }
  | { kind: 'end' };

function report(event: SuiteEvent): void {
  appendFileSync(process.env.WHYTOKEN_SUITE_REPORT!, `${JSON.stringify(event)}\n`);
}

/** Called by VS Code. Writes JSON lines to the file that WHYTOKEN_SUITE_REPORT names. */
export async function run(): Promise<void> {
  for (const bundle of globSync('**/*.test.cjs', { cwd: __dirname }).sort()) await runFile(bundle);
  report({ kind: 'end' });
}

async function runFile(bundle: string): Promise<void> {
  const begun = performance.now();
  report({
    kind: 'begun',
    file: `test/extension/${bundle.replaceAll(path.sep, '/').replace('.cjs', '.ts')}`,
  });
  try {
    await runTests(path.join(__dirname, bundle));
  } catch (error) {
    report({ kind: 'failed', title: bundle, error: String((error as Error).stack ?? error) });
  }
  report({ kind: 'ended', seconds: (performance.now() - begun) / 1000 });
}

async function runTests(bundle: string): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  // Tests are called as they are under node:test.
  mocha.suite.on('pre-require', (globals) => {
    globals.test = globals.it;
  });
  mocha.addFile(bundle);
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => report({ kind: 'passed', title: test.fullTitle() }))
      .on('pending', (test) => report({ kind: 'skipped', title: test.fullTitle() }))
      .on('fail', (test, error) =>
        report({ kind: 'failed', title: test.fullTitle(), error: String(error.stack ?? error) }),
      );
  });
}

/** The suite's entry inside the extension host: runs every bundled test file beside it with mocha. */
import { appendFileSync, globSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** One line of the report; the last line of a run that came to its end is `end`. */
export type SuiteEvent =
  | { kind: 'passed' | 'skipped'; title: string }
  | { kind: 'failed'; title: string; error: string }
  | { kind: 'end' };

/** Called by VS Code. Writes JSON lines to the file that WHYTOKEN_SUITE_REPORT names. */
export async function run(): Promise<void> {
  const report = (event: SuiteEvent) =>
    appendFileSync(process.env.WHYTOKEN_SUITE_REPORT!, `${JSON.stringify(event)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  // Tests are called as they are under node:test.
  mocha.suite.on('pre-require', (globals) => {
    globals.test = globals.it;
  });
  for (const file of globSync('**/*.test.cjs', { cwd: __dirname })) mocha.addFile(path.join(__dirname, file));
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
  report({ kind: 'end' });
}

/**
 * Runs lint, type check and the test suites, or only the named suites with what they need.
 *
 *     node test/run.ts [unit | process | reference | cli | extension | e2e …]
 *
 * The last line of the output is "N passed, N failed"; the exit code is 0 only when nothing failed and every suite ran
 * at least one test.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/project.ts';
import { Problem } from '../scripts/lib/report.ts';
import {
  type Counts,
  checkEveryTestHasASuite,
  type Need,
  runSuite,
  type SuiteName,
  suites,
} from './runner/suites.ts';

/** What must succeed but is no test: it adds to the failed ones, never to the passed ones. */
const checks = {
  lint: ['node_modules/@biomejs/biome/bin/biome', 'ci'],
  typecheck: ['node_modules/typescript/bin/tsc', '--project', '.'],
  build: ['scripts/build.ts'],
  package: ['scripts/package.ts'],
} satisfies Record<string, string[]>;

type CheckName = keyof typeof checks;

function check(name: CheckName): Counts {
  const { status, error } = spawnSync(process.execPath, checks[name], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) throw error;
  return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function suite(name: SuiteName): Promise<Counts> {
  const counts = await runSuite(name);
  if (counts.passed + counts.failed === 0) throw new Problem(`The suite "${name}" ran no test.`);
  return counts;
}

interface Result extends Counts {
  seconds: number;
}

const results = new Map<string, Result>();

async function stage(name: string, run: () => Counts | Promise<Counts>): Promise<void> {
  console.log(`\n── ${name} ${'─'.repeat(76 - name.length)}`);
  const begun = performance.now();
  let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    counts = await run();
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
  }
  results.set(name, { ...counts, seconds: (performance.now() - begun) / 1000 });
}

function namedSuites(): SuiteName[] {
  const { positionals } = parseArgs({ allowPositionals: true });
  const names = Object.keys(suites) as SuiteName[];
  const unknown = positionals.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0)
    throw new Problem(`There is no suite ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  return positionals.length > 0 ? (positionals as SuiteName[]) : names;
}

async function runAll(): Promise<void> {
  const names = namedSuites();
  const everything = names.length === Object.keys(suites).length;
  if (everything) {
    await stage('lint', () => check('lint'));
    await stage('typecheck', () => check('typecheck'));
    checkEveryTestHasASuite();
  }
  for (const name of names) {
    for (const need of suites[name].needs as Need[]) {
      if (!results.has(need)) await stage(need, () => check(need));
    }
    const broken = (suites[name].needs as Need[]).filter((need) => results.get(need)!.failed > 0);
    await stage(name, () => {
      if (broken.length > 0) throw new Problem(`Not run, because ${broken.join(' and ')} failed.`);
      return suite(name);
    });
  }
}

function describe(name: string, { passed, failed, skipped }: Counts): string {
  if (Object.hasOwn(checks, name)) return failed > 0 ? 'failed' : 'ok';
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function summarise(): void {
  console.log(`\n── summary ${'─'.repeat(69)}`);
  for (const [name, result] of results) {
    const seconds = `${result.seconds.toFixed(0)} s`;
    console.log(`${name.padEnd(12)}${seconds.padStart(6)}  ${describe(name, result)}`);
  }
  const all = [...results.values()];
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  const failed = all.reduce((sum, result) => sum + result.failed, 0);
  process.exitCode = failed > 0 ? 1 : 0;
  console.log(`\n${passed} passed, ${failed} failed`);
}

try {
  await runAll();
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  results.set('set-up', { passed: 0, failed: 1, skipped: 0, seconds: 0 });
}
summarise();

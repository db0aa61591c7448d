/**
 * Runs lint, type check and the test suites, or only the named suites with what they need.
 *
 *     node test/run.ts [--once-more] [unit | process | reference | cli | extension | e2e [FILE …]] …
 *
 * FILE is a part of a test file's path: `extension overlays hover` runs two files of that suite. With --once-more, files
 * of suites that depend on other processes keeping up are run again by themselves when they fail (runner/onceMore.ts).
 *
 * The last line of the output is "N passed, N failed"; the exit code is 0 only when nothing failed and every suite ran
 * at least one test.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/project.ts';
import { Problem } from '../scripts/lib/report.ts';
import { ensureCodeServer } from '../scripts/workbench/codeServer.ts';
import { ensureBrowser } from './harness/browser.ts';
import { runInExtensionHost } from './runner/inExtensionHost.ts';
import { onceMore, type Settled } from './runner/onceMore.ts';
import { type FileOutcome, sumOf } from './runner/outcome.ts';
import { checkEveryTestHasASuite, chosenFiles, type Suite, type SuiteName, suites } from './runner/suites.ts';
import { type StageResult, summaryOf } from './runner/summary.ts';
import { runUnderNode } from './runner/underNode.ts';

const checks = {
  lint: ['node_modules/@biomejs/biome/bin/biome', 'ci'],
  typecheck: ['node_modules/typescript/bin/tsc', '--project', '.'],
  build: ['scripts/build.ts'],
  package: ['scripts/package.ts'],
} satisfies Record<string, string[]>;

type CheckName = keyof typeof checks;

const results = new Map<string, StageResult>();

const nothing = { passed: 0, failed: 0, skipped: 0 };
const failure = { ...nothing, failed: 1 };

type Print = (line: unknown) => void;

async function stage(
  name: string,
  run: () => Promise<Pick<StageResult, 'counts'> & Partial<StageResult>>,
  print: Print = console.log,
): Promise<void> {
  print(`\n── ${name} ${'─'.repeat(76 - name.length)}`);
  const begun = performance.now();
  const ran = await run().catch((error) => {
    print(error instanceof Problem ? error.message : error);
    return { counts: failure };
  });
  const seconds = (performance.now() - begun) / 1000;
  const isCheck = Object.hasOwn(checks, name);
  results.set(name, { name, seconds, isCheck, files: [], flaky: [], ...ran });
}

function check(name: CheckName): Promise<void> {
  return stage(name, async () => {
    const { status, error } = spawnSync(process.execPath, checks[name], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (error) throw error;
    return { counts: status === 0 ? nothing : failure };
  });
}

async function runFiles(name: SuiteName, files: string[], print: Print): Promise<FileOutcome[]> {
  const { concurrency, limitMinutes }: Suite = suites[name];
  if (name === 'extension') return runInExtensionHost(files, limitMinutes, print);
  if (name === 'e2e') {
    await ensureCodeServer();
    await ensureBrowser();
  }
  return runUnderNode(files, { concurrency, limitMinutes });
}

async function runSuite(name: SuiteName, files: string[], repeats: boolean, print: Print) {
  const first = await runFiles(name, files, print);
  const { outcomes, flaky }: Settled =
    repeats && (suites[name] as Suite).onceMore
      ? await onceMore(first, (some) => {
          print(`\n── once more: ${some.join(', ')}`);
          return runFiles(name, some, print);
        })
      : { outcomes: first, flaky: [] };
  const counts = sumOf(outcomes);
  if (counts.passed + counts.failed === 0) throw new Problem(`The suite "${name}" ran no test.`);
  return { counts, files: outcomes, flaky };
}

async function runAll(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'once-more': { type: 'boolean', default: false } },
  });
  const chosen = chosenFiles(positionals);
  if (positionals.length === 0) {
    await check('lint');
    await check('typecheck');
    checkEveryTestHasASuite();
  }
  const start = async (name: SuiteName, files: string[], print: Print = console.log) => {
    const { needs }: Suite = suites[name];
    for (const need of needs) if (!results.has(need)) await check(need);
    const broken = needs.filter((need) => results.get(need)!.counts.failed > 0);
    const run = async () => {
      if (broken.length > 0) throw new Problem(`Not run, because ${broken.join(' and ')} failed.`);
      return runSuite(name, files, values['once-more'], print);
    };
    await stage(name, run, print);
  };
  const besides = new Map<SuiteName, () => Promise<void>>();
  for (const [name, files] of chosen) {
    for (const [other, theirs] of chosen) {
      if ((suites[other] as Suite).beside !== name) continue;
      const lines: unknown[] = [];
      const ended = start(other, theirs, (line) => lines.push(line));
      // Awaited when its turn has come: a failure before that is not lost, but must not end this process.
      ended.catch(() => {});
      besides.set(other, async () => {
        await ended;
        for (const line of lines) console.log(line);
      });
    }
    const running = besides.get(name);
    await (running ? running() : start(name, files));
  }
}

await runAll().catch((error) => {
  console.error(error instanceof Problem ? error.message : error);
  results.set('set-up', { name: 'set-up', seconds: 0, counts: failure, isCheck: true, files: [], flaky: [] });
});
console.log(`\n── summary ${'─'.repeat(69)}`);
console.log(summaryOf([...results.values()]).join('\n'));
process.exitCode = sumOf([...results.values()].map(({ counts }) => counts)).failed > 0 ? 1 : 0;

/**
 * The API's view: a mocha suite inside the extension host. Its entry exports `run()`, as @vscode/test-electron asks, and
 * the same suite runs in desktop VS Code and in the web workbench.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { root } from '../../scripts/lib/project.ts';
import { Problem, reasonOf } from '../../scripts/lib/report.ts';
import { ensureCodeServer, remoteUri, serve } from '../../scripts/workbench/codeServer.ts';
import { findDesktop } from '../../scripts/workbench/desktop.ts';
import type { SuiteEvent } from '../extension/run.ts';
import { openBrowser } from '../harness/browser.ts';
import { makeTestFolders, type TestFolders } from '../harness/testFolders.ts';
import { buildExtensionTests } from './extensionBundles.ts';
import { outcomesOf } from './extensionEvents.ts';
import type { FileOutcome } from './outcome.ts';

const signs = { passed: '✔', failed: '✖', skipped: '﹣' };

function told(event: SuiteEvent): string[] {
  if (event.kind === 'begun' || event.kind === 'ended' || event.kind === 'end') return [];
  return [`${signs[event.kind]} ${event.title}`, ...(event.kind === 'failed' ? [event.error] : [])];
}

/** It takes as long as all other files together, most of it waiting: it has a host of its own beside theirs. */
const long = 'test/extension/interleavings.test.ts';

/**
 * Bundles test files and runs them against the bundles in dist/, in desktop VS Code where there is one.
 * @param files paths in the repository.
 * @param print takes the tests of a host, a line each, when it has ended
 * @throws Problem when a host did not begin a single file.
 */
export async function runInExtensionHost(
  files: readonly string[],
  limitMinutes: number,
  print: (line: string) => void,
): Promise<FileOutcome[]> {
  const hosts = Object.entries(Object.groupBy(files, (file) => (file === long ? 'long' : 'short')));
  const outcomes = await Promise.all(
    hosts.map(([host, some]) => runInOneHost(host, some, limitMinutes, print)),
  );
  return outcomes.flat();
}

async function runInOneHost(
  host: string,
  files: readonly string[],
  limitMinutes: number,
  print: (line: string) => void,
): Promise<FileOutcome[]> {
  const testsPath = await buildExtensionTests(host, files);
  await using folders = makeTestFolders({ 'notes.md': 'The suite opens its own documents.\n' });
  const report = path.join(folders.base, 'report.jsonl');
  const env = { WHYTOKEN_SUITE_REPORT: report };
  const desktop = await findDesktop();
  const limit = sleep(limitMinutes * 60_000, `no end after ${limitMinutes} minutes`, { ref: false });
  const ending = desktop
    ? await runInDesktop(desktop, testsPath, folders, env)
    : await runInWorkbench(testsPath, folders, env, limit);
  if (!existsSync(report)) throw new Problem(`The suite inside the extension host did not begin: ${ending}`);
  const lines = readFileSync(report, 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as SuiteEvent);
  for (const line of events.flatMap(told)) print(line);
  if (events.at(-1)?.kind !== 'end') print(`The suite inside the extension host stopped: ${ending}`);
  return outcomesOf(files, events, ending);
}

async function runInDesktop(
  vscodeExecutablePath: string,
  extensionTestsPath: string,
  folders: TestFolders,
  extensionTestsEnv: Record<string, string>,
): Promise<string> {
  try {
    const exitCode = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv,
      launchArgs: [
        folders.workspace,
        ...['--user-data-dir', folders.user, '--extensions-dir', folders.extensions],
        '--disable-workspace-trust',
      ],
    });
    return `VS Code ended with exit code ${exitCode}.`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Through the two functions that the web workbench calls when it was started with its smoke-test driver. */
async function runInWorkbench(
  testsPath: string,
  folders: TestFolders,
  env: Record<string, string>,
  limit: Promise<string>,
): Promise<string> {
  await ensureCodeServer();
  const server = await serve({ folders, env, args: ['--vscode-option', 'enable-smoke-test-driver'] });
  try {
    await using window = await openBrowser();
    const { page } = window;
    const log: string[] = [];
    const ended = new Promise<string>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(`exit code ${code}`));
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      log.push(format(...args));
    });
    const payload: [string, string][] = [
      ['extensionDevelopmentPath', remoteUri(server, root)],
      ['extensionTestsPath', remoteUri(server, testsPath)],
      ['skipWelcome', 'true'],
    ];
    await page.goto(server.url(payload));
    const ending = await Promise.race([ended, limit]);
    return `${ending}. The workbench's log ends with:\n${log.slice(-40).join('\n')}`;
  } finally {
    await server.stop();
  }
}

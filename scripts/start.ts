/**
 * Builds the extension and opens it in a real VS Code: a sample that is explained, and the walkthrough beside it.
 *
 *     node scripts/start.ts [--code-server] [--port N] [--locale zh-cn]
 *
 * Desktop VS Code where there is a display and it can be downloaded; else, or with --code-server, VS Code's web
 * workbench on 127.0.0.1. Its settings are kept in .cache/try; the samples are put back at each start.
 */
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/bundle.ts';
import { cacheDir, distDir, readManifest, root } from './lib/project.ts';
import { main, Problem, step } from './lib/report.ts';
import { ensureCodeServer, freePort, remoteUri, serve } from './workbench/codeServer.ts';
import { findDesktop } from './workbench/desktop.ts';
import {
  cleanEnvironment,
  type Folders,
  makeFolders,
  quietSettings,
  removedAtTheLatestAtExit,
  writeSettings,
} from './workbench/folders.ts';
import { addEmptyLanguagePack } from './workbench/languagePack.ts';
import { type ProcessGroup, spawnGroup } from './workbench/processes.ts';

const usualPort = 8421;

function readOptions() {
  const environment = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  const { values } = parseArgs({
    options: {
      'code-server': { type: 'boolean', default: false },
      port: { type: 'string' },
      locale: { type: 'string', default: environment.startsWith('zh') ? 'zh-cn' : 'en' },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Problem(`--port is ${values.port}, but must be a number from 1 to 65535.`);
  }
  return { codeServer: values['code-server'], port, locale: values.locale };
}

/** Is started with ours, and does what a person would do first. */
const firstMinute = path.join(root, 'scripts/workbench/firstMinute');

/** The workspace is where the extension puts its samples, so that the walkthrough's buttons open what is listed there. */
function prepareFolders(language: 'en' | 'zh-cn'): Folders {
  const base = path.join(cacheDir, 'try');
  const made = makeFolders(base, path.join(tmpdir(), `whytoken-${process.pid}`));
  const { publisher, name } = readManifest();
  const storage = path.join(made.user, 'User/globalStorage', `${publisher}.${name}`);
  const folders = { ...made, workspace: path.join(storage, 'samples') };
  removedAtTheLatestAtExit(folders.temporary);
  rmSync(folders.workspace, { recursive: true, force: true });
  cpSync(path.join(root, 'samples', language), folders.workspace, { recursive: true });
  if (!existsSync(path.join(folders.user, 'User/settings.json'))) {
    writeSettings(folders, { ...quietSettings, 'editor.wordWrap': 'on' });
  }
  return folders;
}

/**
 * Lets VS Code's server find the extensions here. Without its index of extensions, which is removed, it looks for them
 * anew.
 */
function linkExtensions(folders: Folders): void {
  rmSync(path.join(folders.extensions, 'extensions.json'), { force: true });
  for (const folder of [root, firstMinute]) {
    const { publisher, name, version } = readManifest(folder);
    const link = path.join(folders.extensions, `${publisher}.${name}-${version}`);
    rmSync(link, { force: true });
    symlinkSync(folder, link, 'dir');
  }
}

function openDesktop(executable: string, folders: Folders, sample: string): ProcessGroup {
  const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;
  const args = [
    ...['--user-data-dir', folders.user, '--extensions-dir', folders.extensions],
    ...[root, firstMinute].flatMap((folder) => ['--extensionDevelopmentPath', folder]),
    ...['--disable-workspace-trust', '--new-window'],
    ...(isRootOnLinux ? ['--no-sandbox'] : []),
    ...[folders.workspace, sample],
  ];
  const group = spawnGroup(executable, args, { env: cleanEnvironment(), stdio: 'ignore' });
  console.log('\nVS Code opens with a sample. Close its window, or press Ctrl+C here, to end.');
  return group;
}

async function openWorkbench(folders: Folders, sample: string, wanted: number | undefined, locale: string) {
  await ensureCodeServer();
  linkExtensions(folders);
  if (locale !== 'en') addEmptyLanguagePack(folders, locale);
  const port = await freePort(wanted ?? usualPort).catch((error: NodeJS.ErrnoException) => {
    if (wanted === undefined) return freePort();
    throw new Problem(`Port ${wanted} cannot be used (${error.code}). Choose another with --port.`);
  });
  const server = await step('Starting the workbench', () => serve({ folders, port, locale }));
  console.log(`\nVS Code is ready. Open this address in a browser on this machine:\n`);
  console.log(`    ${server.url([['openFile', remoteUri(server, sample)]])}\n`);
  console.log('Only this machine can reach it. Press Ctrl+C here to end.');
  return server.group;
}

await main(async () => {
  const { codeServer, port, locale } = readOptions();
  await step('Building the extension', () => build({ outDir: distDir, production: false }));
  const folders = prepareFolders(locale === 'zh-cn' ? 'zh-cn' : 'en');
  const sample = path.join(folders.workspace, 'capital.md');
  const desktop = codeServer ? null : await findDesktop();
  const group = desktop
    ? openDesktop(desktop, folders, sample)
    : await openWorkbench(folders, sample, port, locale);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void group.stop());
  // Ending by Ctrl+C is not a failure.
  process.exitCode = 0;
  await group.ended;
  await group.stop();
  rmSync(folders.temporary, { recursive: true, force: true });
});

/**
 * code-server: VS Code's server and web workbench from the npm registry, for where VS Code itself cannot be downloaded
 * or shown. Its install scripts would need a compiler, so they are not run, and two native modules get stand-ins.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as esbuild from 'esbuild';
import { cacheDir } from '../lib/project.ts';
import { Problem, reasonOf, step } from '../lib/report.ts';
import { environmentFor, type Folders, removedAtTheLatestAtExit } from './folders.ts';
import { type ProcessGroup, runToEnd, spawnGroup } from './processes.ts';

/** Contains VS Code 1.139.1. */
const version = '4.139.1';

/** Where code-server is or will be installed; `WHYTOKEN_CODE_SERVER` names a folder that several clones share. */
function installation(): string {
  return path.join(process.env.WHYTOKEN_CODE_SERVER ?? cacheDir, `code-server-${version}`);
}

function entry(): string {
  return path.join(installation(), 'node_modules/code-server/out/node/entry.js');
}

/**
 * Installs code-server unless it is there already.
 * @throws Problem
 */
export async function ensureCodeServer(): Promise<void> {
  if (existsSync(entry())) return;
  if (process.platform === 'win32') throw new Problem('code-server does not run on Windows.');
  await step(
    `Installing code-server ${version} from the npm registry (800 MB, once, about a minute)`,
    install,
  );
}

async function install(): Promise<void> {
  const target = installation();
  mkdirSync(path.dirname(target), { recursive: true });
  const partial = mkdtempSync(`${target}-`);
  const removePartial = removedAtTheLatestAtExit(partial);
  const npm = (folder: string, ...args: string[]) =>
    runToEnd('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd: path.join(partial, folder),
    });
  try {
    const manifest = { name: 'whytoken-workbench', private: true, dependencies: { 'code-server': version } };
    writeFileSync(path.join(partial, 'package.json'), JSON.stringify(manifest));
    await npm('.');
    // What code-server's own install script would do. Not `npm ci`: the shrinkwrap inside lacks a package.
    const vscode = 'node_modules/code-server/lib/vscode';
    await npm(vscode, '--omit=dev');
    await npm(`${vscode}/extensions`, '--omit=dev');
    const extensions = path.join(partial, vscode, 'extensions');
    await runToEnd(process.execPath, ['postinstall.mjs'], { cwd: extensions });
    await replaceNativeModules(path.join(partial, vscode, 'node_modules/@vscode'));
    renameSync(partial, target);
  } catch (error) {
    // Another test file may have installed it meanwhile.
    if (existsSync(entry())) return;
    throw new Problem(
      `code-server could not be installed. Check that the npm registry can be reached and that 1 GB of disk is ` +
        `free, then run this again.\n${reasonOf(error)}`,
    );
  } finally {
    await removePartial();
  }
}

async function replaceNativeModules(folder: string): Promise<void> {
  const standIns = { spdlog: 'spdlog.ts', 'native-watchdog': 'nativeWatchdog.ts' };
  for (const [name, source] of Object.entries(standIns)) {
    await esbuild.build({
      entryPoints: [path.join(import.meta.dirname, 'standIns', source)],
      outfile: path.join(folder, name, 'index.js'),
      allowOverwrite: true,
      platform: 'node',
      format: 'cjs',
    });
  }
}

export interface CodeServer {
  readonly port: number;
  readonly group: ProcessGroup;
  /** The workbench's address; `payload` is VS Code's list of key-value pairs for the window. */
  url(payload?: [string, string][]): string;
  stop(): Promise<void>;
}

export interface ServeOptions {
  folders: Folders;
  port?: number;
  /** A display language such as `zh-cn`. */
  locale?: string | undefined;
  env?: Record<string, string> | undefined;
  args?: string[];
  /** A `.code-workspace` in the workspace's folder, which is opened instead of the folder. */
  workspaceFile?: string | undefined;
  /** True: folders are not trusted until somebody says so. */
  asksForTrust?: boolean | undefined;
}

function folderArguments(folders: Folders): string[] {
  return ['--user-data-dir', folders.user, '--extensions-dir', folders.extensions];
}

/** @throws Problem */
export async function installExtension(folders: Folders, vsix: string): Promise<void> {
  const args = [entry(), ...folderArguments(folders), '--install-extension', vsix, '--force'];
  await runToEnd(process.execPath, args, { env: environmentFor(folders) });
}

/**
 * Serves the workbench on 127.0.0.1, without a password and to this machine only.
 * @throws Problem when it does not start, with the log's last lines.
 */
export async function serve(options: ServeOptions): Promise<CodeServer> {
  const { folders, locale, env, args = [], workspaceFile, asksForTrust = false } = options;
  const port = options.port ?? (await freePort());
  const flags = [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--ignore-last-opened'],
    ...['--session-socket', path.join(folders.temporary, 'session.sock')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(asksForTrust ? [] : ['--disable-workspace-trust']),
    ...(locale ? ['--locale', locale] : []),
  ];
  const command = [entry(), ...folderArguments(folders), ...flags, ...args, folders.workspace];
  const group = await started(command, port, environmentFor(folders, env));
  const url = (payload: [string, string][] = []) => {
    const query = new URLSearchParams(
      workspaceFile
        ? { workspace: path.join(folders.workspace, workspaceFile) }
        : { folder: folders.workspace },
    );
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    const readable = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
    return `http://127.0.0.1:${port}/?${readable}`;
  };
  return { port, group, url, stop: () => group.stop() };
}

/**
 * How often a start is tried: code-server ends itself if its second process does not answer within ten seconds, as
 * happens on a busy machine.
 */
const starts = 3;

/** @throws Problem */
async function started(command: string[], port: number, env: NodeJS.ProcessEnv): Promise<ProcessGroup> {
  let log = '';
  for (let start = 0; start < starts; start++) {
    const group = spawnGroup(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [group.child.stdout!, group.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-20_000);
      });
    }
    if (await answers(`http://127.0.0.1:${port}/healthz`, group)) return group;
    await group.stop();
  }
  throw new Problem(`code-server did not start on port ${port}. Its log ends with:\n${log.slice(-2000)}`);
}

async function answers(url: string, group: ProcessGroup): Promise<boolean> {
  let ended = false;
  void group.ended.then(() => {
    ended = true;
  });
  for (let attempt = 0; attempt < 600 && !ended; attempt++) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return true;
    await sleep(100);
  }
  return false;
}

/** The path of a file on the server, as the workbench addresses it. */
export function remoteUri(server: { port: number }, file: string): string {
  return `vscode-remote://127.0.0.1:${server.port}${encodeURI(file)}`;
}

/** @returns `wanted`, or any free port for 0. Rejects when the wanted one is taken. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

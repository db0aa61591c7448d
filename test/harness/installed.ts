/** The user's view: a workbench with the packaged extension installed, or without it. */
import { existsSync } from 'node:fs';
import { after, afterEach, before } from 'node:test';
import { vsixPath } from '../../scripts/lib/project.ts';
import { Problem } from '../../scripts/lib/report.ts';
import {
  ensureCodeServer,
  installExtension,
  type ServeOptions,
  serve,
} from '../../scripts/workbench/codeServer.ts';
import type { Folders } from '../../scripts/workbench/folders.ts';
import { addEmptyLanguagePack } from '../../scripts/workbench/languagePack.ts';
import { openBrowser } from './browser.ts';
import { makeTestFolders } from './testFolders.ts';
import { Workbench } from './workbench.ts';

export interface InstalledOptions extends Pick<ServeOptions, 'workspaceFile' | 'asksForTrust'> {
  /** The workspace: paths and texts. */
  files: Record<string, string>;
  settings?: Record<string, unknown>;
  /** False: a workbench without the extension, to see that a test can fail. */
  extension?: boolean;
  /** A display language such as `zh-cn`. */
  locale?: string;
}

export interface Opened extends AsyncDisposable {
  workbench: Workbench;
  folders: Folders;
}

/** A workbench of its own. @throws Problem */
export async function openInstalled({
  files,
  settings,
  extension = true,
  locale,
  ...served
}: InstalledOptions): Promise<Opened> {
  if (extension && !existsSync(vsixPath())) {
    throw new Problem(`${vsixPath()} does not exist. Run "npm run package" first.`);
  }
  await ensureCodeServer();
  const owned: AsyncDisposable[] = [];
  const close = async () => {
    for (const resource of owned.toReversed()) await resource[Symbol.asyncDispose]();
  };
  try {
    const folders = makeTestFolders(files, settings);
    owned.push(folders);
    if (extension) await installExtension(folders, vsixPath());
    if (locale) addEmptyLanguagePack(folders, locale);
    const server = await serve({ folders, locale, ...served });
    owned.push({ [Symbol.asyncDispose]: server.stop });
    const window = await openBrowser(locale ? { locale } : {});
    owned.push(window);
    const workbench = new Workbench(window.page);
    await workbench.load(server.url());
    return { workbench, folders, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * One workbench for all tests of a file (node:test): opened before the first, closed after the last. A test that fails
 * leaves a screenshot of what was seen.
 */
export function useWorkbench(options: InstalledOptions): {
  readonly workbench: Workbench;
  /** Where it lives on disk. */
  readonly folders: Folders;
} {
  let opened: Opened | undefined;
  before(async () => {
    opened = await openInstalled(options);
  });
  afterEach(async (t) => {
    const { name, passed } = t as { name: string; passed: boolean };
    if (!passed) await opened?.workbench.screenshot(`failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}`);
  });
  after(async () => {
    await opened?.[Symbol.asyncDispose]();
  });
  const get = () => {
    if (!opened) throw new Error('The workbench is open only while tests run.');
    return opened;
  };
  return {
    get workbench() {
      return get().workbench;
    },
    get folders() {
      return get().folders;
    },
  };
}

/** The folders that one workbench lives in, away from the person's own VS Code. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Folders {
  base: string;
  home: string;
  user: string;
  extensions: string;
  workspace: string;
  /** For sockets, whose paths are limited to about 100 characters. */
  temporary: string;
}

/** No welcome pages, trust questions, telemetry, updates or assistants between a person and the extension. */
export const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
  'editor.minimap.enabled': false,
};

/** Makes the folders under `base`; what is there already stays. */
export function makeFolders(base: string, temporary: string): Folders {
  const folders: Folders = {
    base,
    home: path.join(base, 'home'),
    user: path.join(base, 'user'),
    extensions: path.join(base, 'extensions'),
    workspace: path.join(base, 'workspace'),
    temporary,
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  mkdirSync(path.join(folders.user, 'User'), { recursive: true });
  return folders;
}

/** @returns a function that removes the folder; it runs when the process exits if it did not before. */
export function removedAtTheLatestAtExit(folder: string): () => Promise<void> {
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  return async () => {
    remove();
    process.off('exit', remove);
  };
}

export function writeSettings(folders: Folders, settings: Record<string, unknown>): void {
  writeFileSync(path.join(folders.user, 'User/settings.json'), JSON.stringify(settings, null, 2));
}

/** The environment without the variables that a surrounding editor, npm or test run has set. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|ELECTRON_RUN_AS_NODE$|npm_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** The environment for a workbench with a HOME of its own. */
export function environmentFor(folders: Folders, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    HOME: folders.home,
    XDG_CONFIG_HOME: path.join(folders.home, '.config'),
    XDG_DATA_HOME: path.join(folders.home, '.local/share'),
    XDG_CACHE_HOME: path.join(folders.home, '.cache'),
    XDG_RUNTIME_DIR: folders.temporary,
    TMPDIR: folders.temporary,
    ...extra,
  };
}

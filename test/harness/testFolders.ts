/** The folders that one test's workbench lives in. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Folders,
  makeFolders,
  quietSettings,
  removedAtTheLatestAtExit,
  writeSettings,
} from '../../scripts/workbench/folders.ts';

/** What tests need on top: nothing that moves, nothing that watches. */
const testSettings = {
  ...quietSettings,
  'editor.hover.delay': 100,
  'editor.cursorBlinking': 'solid',
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'workbench.reduceMotion': 'on',
  'git.enabled': false,
};

export interface TestFolders extends Folders, AsyncDisposable {}

/** Fresh folders with a workspace of the given files, removed at the end. */
export function makeTestFolders(
  files: Record<string, string>,
  settings: Record<string, unknown> = {},
): TestFolders {
  const base = mkdtempSync(path.join(tmpdir(), 'whytoken-'));
  const folders = makeFolders(base, path.join(base, 't'));
  writeSettings(folders, { ...testSettings, ...settings });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folders.workspace, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { ...folders, [Symbol.asyncDispose]: removedAtTheLatestAtExit(base) };
}

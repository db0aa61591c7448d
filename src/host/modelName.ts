import { type ConfigurationScope, l10n, workspace } from 'vscode';
import { visible } from '../text/visible.ts';
import { section } from './names.ts';

/** Of the folder that comes along. */
const bundled = 'tiny-gpt2';

/** Whether another model than the bundled one is set. */
export function isModelSet(scope: ConfigurationScope | undefined): boolean {
  return pathSet(scope) !== '';
}

/** The same for the window or any of its folders, which can have settings of their own. */
export function isModelSetSomewhere(): boolean {
  return [undefined, ...(workspace.workspaceFolders ?? [])].some(isModelSet);
}

/** The model that a document is read by, as people call it: by its folder. */
export function modelName(scope: ConfigurationScope | undefined): string {
  const folders = pathSet(scope)
    .split(/[\\/]/)
    .filter((name) => name !== '');
  const name = folders.at(-1);
  return name === undefined ? l10n.t('{0} (bundled)', bundled) : visible(name);
}

function pathSet(scope: ConfigurationScope | undefined): string {
  const path: unknown = workspace.getConfiguration(section, scope).get('model.path');
  return typeof path === 'string' ? path.trim() : '';
}

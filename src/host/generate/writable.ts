import { FilePermission, type TextDocument, workspace } from 'vscode';

/** As far as it can be known beforehand; a window's own read-only mode shows only when something is tried. */
export async function isReadOnly({ uri, isUntitled }: TextDocument): Promise<boolean> {
  if (isUntitled) return false;
  if (workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  if (uri.scheme !== 'file') return false;
  const stat = await workspace.fs.stat(uri).then(undefined, () => null);
  return stat?.permissions === FilePermission.Readonly;
}

/** A text that somebody writes: no output, and no input box, which are documents too. */
export function isWritten({ uri, isUntitled }: TextDocument): boolean {
  const isCell = uri.scheme === 'vscode-notebook-cell';
  return isUntitled || isCell || workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

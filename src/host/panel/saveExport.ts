import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { FromPage } from '../../protocol/panels/page.ts';

/** To a file that the person chooses, in the folder of the workspace at first. */
export async function saveExport({
  extension,
  data,
  name: about,
}: Pick<Extract<FromPage, { type: 'save' }>, 'data' | 'name'> & { extension: string }): Promise<void> {
  const name = `${['whytoken', about].filter((part) => part !== '').join('-')}.${extension}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const chosen = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!chosen) return;
  const bytes = extension === 'png' ? Buffer.from(data, 'base64') : Buffer.from(data, 'utf8');
  await workspace.fs.writeFile(chosen, bytes);
  const open = l10n.t('Open');
  const saved = l10n.t('{0} was saved.', path.posix.basename(chosen.path));
  if ((await window.showInformationMessage(saved, open)) === open) {
    await commands.executeCommand('vscode.open', chosen);
  }
}

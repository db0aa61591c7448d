/** What a panel exports goes into a file under a name that tells what it is, and can be opened at once. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { saveExport } from '../../src/host/panel/saveExport.ts';

const file = {
  type: 'save',
  extension: 'csv',
  name: 'why-paris-bars',
  data: 'token,contribution\r\n',
} as const;

describe('Saving an export', () => {
  const { showSaveDialog, showInformationMessage } = vscode.window;
  let folder: string;
  let offered: string | undefined;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'whytoken-export-'));
    said = [];
  });
  afterEach(async () => {
    Object.assign(vscode.window, { showSaveDialog, showInformationMessage });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param pressed the button of the confirmation that is pressed */
  function answering(chosen: string | null, pressed?: string): void {
    Object.assign(vscode.window, {
      showSaveDialog: async ({ defaultUri }: vscode.SaveDialogOptions) => {
        offered = defaultUri && path.posix.basename(defaultUri.path);
        return chosen === null ? undefined : vscode.Uri.file(path.join(folder, chosen));
      },
      showInformationMessage: async (message: string, ...buttons: string[]) => {
        said.push(message, ...buttons);
        return pressed;
      },
    });
  }

  test('is confirmed, and Open shows the file', async () => {
    answering('scores.csv', 'Open');
    await saveExport(file);
    assert.equal(readFileSync(path.join(folder, 'scores.csv'), 'utf8'), file.data);
    assert.deepEqual(said, ['scores.csv was saved.', 'Open']);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), file.data);
    if (vscode.workspace.workspaceFolders) assert.equal(offered, 'whytoken-why-paris-bars.csv');
  });

  test('says nothing where no file was chosen, and opens nothing unasked', async () => {
    answering(null);
    await saveExport(file);
    assert.deepEqual(said, []);
    answering('scores.csv');
    await saveExport(file);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  test('does not say that it was saved where it could not be written', async () => {
    writeFileSync(path.join(folder, 'no-folder'), '');
    answering('no-folder/scores.csv');
    await assert.rejects(saveExport(file));
    assert.deepEqual(said, []);
  });
});

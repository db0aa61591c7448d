/** The extension as the editor activates it, with its own process and the bundled model. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { WhytokenApi } from '../../src/extension.ts';
import { closeAll, openText, select } from './parts.ts';

describe('The extension', () => {
  const extension = vscode.extensions.getExtension<WhytokenApi>('whytoken.whytoken')!;

  afterEach(async () => {
    await closeAll();
  });

  it('does not activate before it is needed, then has every command of its manifest', async () => {
    assert.equal(extension.isActive, false);
    const begun = performance.now();
    await extension.activate();
    console.log(`      activated in ${(performance.now() - begun).toFixed(0)} ms`);
    const all = new Set(await vscode.commands.getCommands(true));
    const contributed = extension.packageJSON.contributes.commands as { command: string }[];
    assert.deepEqual(
      contributed.filter(({ command }) => !all.has(command)),
      [],
    );
  });

  it('takes no key that VS Code’s defaults have, but Escape', async () => {
    const defaults = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(defaults)).getText();
    const entries = [...text.matchAll(/"key": "([^"]+)",\s+"command": "([^"]+)"/g)];
    assert.ok(entries.length > 500);
    const theirs = new Set(
      entries.filter(([, , command]) => !command!.startsWith('whytoken.')).map(([, key]) => key),
    );
    const contributed = extension.packageJSON.contributes.keybindings as { key: string }[];
    assert.deepEqual(
      contributed.map(({ key }) => key).filter((key) => theirs.has(key)),
      ['escape', 'escape'],
    );
  });

  it('explains a selection and fills the hover', async () => {
    const editor = await openText('The capital of the United Kingdom is London. The capital of France is');
    select(editor, 'The capital of France is');
    const api = await extension.activate();
    await vscode.commands.executeCommand('whytoken.explainSelection');
    const { firstPaint, final, tokens } = api.lastTimings!;
    console.log(`      first paint ${firstPaint.toFixed(0)} ms, final ${final.toFixed(0)} ms`);
    assert.ok(tokens >= 5 && firstPaint <= final);
    assert.ok(editor.selection.isEmpty);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(0, 50),
    );
    const markdown = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    assert.match(markdown.map(({ value }) => value).join('\n'), /Probability here/);
  });

  it('generates, and one undo takes all of it back', async () => {
    const editor = await openText('The capital of France is');
    editor.selection = new vscode.Selection(0, 24, 0, 24);
    await vscode.commands.executeCommand('whytoken.generate');
    const generated = editor.document.getText();
    assert.ok(generated.startsWith('The capital of France is') && generated.length > 24, generated);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'The capital of France is');
  });

  it('shows the panel beside the text and leaves the focus there', async () => {
    const editor = await openText('The capital of France is');
    await vscode.commands.executeCommand('whytoken.openPanel');
    const isPanel = ({ input }: vscode.Tab) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith('whytoken.explanation');
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    for (let i = 0; i < 1000 && !tabs().some(isPanel); i++) await sleep(20);
    assert.equal(tabs().filter(isPanel).length, 1);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    await vscode.commands.executeCommand('whytoken.openPanel');
    assert.equal(tabs().filter(isPanel).length, 1);
  });
});

/** The extension's parts around a fake engine, and an editor to use them in. */
import * as vscode from 'vscode';
import { Activity } from '../../src/host/activity.ts';
import { ExplainedTexts } from '../../src/host/explain/explainedTexts.ts';
import { Explainer } from '../../src/host/explain/explainer.ts';
import { Stopwatch } from '../../src/host/explain/stopwatch.ts';
import { Generator } from '../../src/host/generate/generator.ts';
import { Problems } from '../../src/host/problems.ts';
import { Settings } from '../../src/host/settings.ts';
import { FakeEngine } from './fakeEngine.ts';

export function makeParts() {
  const log = vscode.window.createOutputChannel('Whytoken test', { log: true });
  const engine = new FakeEngine();
  const settings = new Settings('/bundled', log);
  const problems = new Problems(log);
  const activity = new Activity();
  const stopwatch = new Stopwatch(log);
  const texts = new ExplainedTexts();
  const explainer = new Explainer(engine, texts, activity, settings, problems, stopwatch);
  const generator = new Generator(engine, activity, settings, problems);
  const notes: string[] = [];
  problems.onDidNote((note) => notes.push(note));
  const dispose = () => {
    for (const part of [explainer, texts, activity, problems, log]) part.dispose();
  };
  return { engine, settings, activity, texts, explainer, generator, notes, stopwatch, dispose };
}

export type Parts = ReturnType<typeof makeParts>;

export async function openText(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  return vscode.window.showTextDocument(document);
}

export function select(editor: vscode.TextEditor, text: string): void {
  const at = editor.document.getText().indexOf(text);
  const position = (offset: number) => editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position(at), position(at + text.length));
}

export async function replace(
  editor: vscode.TextEditor,
  start: number,
  end: number,
  text: string,
): Promise<void> {
  const { document } = editor;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  if (!(await editor.edit((edit) => edit.replace(range, text)))) throw new Error('The edit was refused.');
}

/** Lets everything that is due happen. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Closes all editors without saving, and waits until their documents are gone: names of untitled ones come again. */
export async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const isOpen = () => vscode.workspace.textDocuments.some(({ isUntitled }) => isUntitled);
  for (let i = 0; i < 500 && isOpen(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
}

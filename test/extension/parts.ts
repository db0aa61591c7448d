/** The extension's parts around a fake engine, and an editor to use them in. */
import * as vscode from 'vscode';
import { makeItem } from '../../src/host/idleItem.ts';
import { makeParts as makeAllParts } from '../../src/host/parts.ts';
import { explanationOf, FakeEngine } from './fakeEngine.ts';

/**
 * One for all tests of a file, and never disposed of: the workbench makes a file for each, and stops answering where one
 * is disposed of before its file is there.
 */
let log: vscode.LogOutputChannel | undefined;

export function makeParts<E extends FakeEngine = FakeEngine>(engine = new FakeEngine() as E) {
  const item = makeItem();
  log ??= vscode.window.createOutputChannel('Whytoken test', { log: true });
  const parts = makeAllParts({
    engine,
    log: Object.create(log, { dispose: { value: () => {} } }),
    extension: vscode.Uri.file('/extension'),
    bundledModel: '/bundled',
    state: fakeState(),
    storage: vscode.Uri.file('/storage'),
    item,
  });
  /** What the status item was told to say. */
  const notes: string[] = [];
  parts.problems.onDidNote((note) => notes.push(note));
  const dispose = () => {
    parts.dispose();
    item.dispose();
  };
  return { ...parts, item, notes, dispose };
}

export type Parts<E extends FakeEngine = FakeEngine> = ReturnType<typeof makeParts<E>>;

interface Own {
  /** What a test makes beside the parts, and out of them: its end comes before theirs. */
  own<T extends vscode.Disposable>(made: T): T;
}

/**
 * Gives every test of the `describe` in which it is called parts of its own: the same object, filled anew. Afterwards
 * they are disposed of and all editors are closed.
 */
export function useParts<E extends FakeEngine = FakeEngine>(makeEngine?: () => E): Parts<E> & Own {
  const owned: vscode.Disposable[] = [];
  const own = <T extends vscode.Disposable>(made: T): T => {
    owned.push(made);
    return made;
  };
  const parts = {} as Parts<E> & Own;
  beforeEach(() => {
    Object.assign(parts, makeParts(makeEngine?.()), { own });
  });
  afterEach(async () => {
    for (const made of owned.splice(0).reverse()) made.dispose();
    parts.dispose();
    await closeAll();
  });
  return parts;
}

/** What VS Code keeps for a workspace. */
export function fakeState(): vscode.Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => structuredClone(kept.get(key)) as never,
    update: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
  };
}

/**
 * An untitled text. Names come again, and where VS Code has not yet thrown away the backup of the text that had the name
 * before, it brings that one back: then it is closed, and opened once more.
 */
export async function openText(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const isAsked = (document: vscode.TextDocument) => lines(document.getText()) === lines(content);
  const lines = (text: string) => text.split(/\r\n?|\n/).join('\n');
  for (let left = 20; ; left--) {
    const document = await vscode.workspace.openTextDocument({ content, language });
    const editor = await vscode.window.showTextDocument(document);
    if (isAsked(document)) return editor;
    if (left === 1) throw new Error(`There is another text: ${document.getText()}`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => document.isClosed);
  }
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

/** Lets everything that is due happen, and what is due within so many milliseconds. */
export async function settle(milliseconds = 0): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await settle(10);
  if (!condition()) throw new Error('What was waited for did not come.');
}

/** Runs something with settings of ours, and takes them back. */
export async function withSettings(
  settings: Record<string, unknown>,
  run: () => Promise<unknown>,
): Promise<void> {
  const update = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('whytoken').update(name, value, vscode.ConfigurationTarget.Global);
  for (const [name, value] of Object.entries(settings)) await update(name, value);
  try {
    await run();
  } finally {
    for (const name of Object.keys(settings)) await update(name, undefined);
  }
}

/** Explains a part of the editor's text; the engine answers at once. */
export async function explainSelected(
  { explainer, engine }: Pick<Parts, 'explainer' | 'engine'>,
  editor: vscode.TextEditor,
  selected: string,
): Promise<void> {
  select(editor, selected);
  const run = explainer.explainSelection();
  await settle();
  const request = engine.explained.at(-1)!;
  request.resolve(explanationOf(request.params));
  await run;
}

/** Closes all editors without saving, and waits until their documents are gone: names of untitled ones come again. */
export async function closeAll(): Promise<void> {
  for (let left = 1000; vscode.window.activeTextEditor; left--) {
    if (left === 0) throw new Error(`${vscode.window.activeTextEditor.document.uri} cannot be closed.`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const isOpen = () => vscode.workspace.textDocuments.some(({ isUntitled }) => isUntitled);
  for (let i = 0; i < 500 && isOpen(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
}

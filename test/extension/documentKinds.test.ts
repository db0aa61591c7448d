import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { explanationOf } from './fakeEngine.ts';
import { explainSelected, openText, settle, until, useParts } from './parts.ts';

const text = 'The capital of France is Paris today';

describe('Kinds of documents', () => {
  const parts = useParts();

  /** Explanation, surprisal, attention and hover of what is selected in an editor. */
  async function everything(editor: vscode.TextEditor, selected: string) {
    const { document } = editor;
    await explainSelected(parts, editor, selected);
    const request = parts.engine.explained.at(-1)!;
    const marked = () => parts.overlays.marks(editor).tokens.map(({ range }) => document.getText(range));
    assert.equal(marked().join(''), selected);
    const { contents } = parts.hover.provideHover(document, editor.selection.active.translate(0, -1))!;
    assert.match((contents[0] as vscode.MarkdownString).value, /spoke/);
    for (const id of ['surprisal', 'attention'] as const) {
      await parts.overlayCommands.toggle(id);
      await until(() => marked().length > 0);
    }
    parts.overlayCommands.clear();
    return request.params;
  }

  test('the cell of a notebook, by itself', async () => {
    const cell = (value: string) =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, value, 'python');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([cell('import sys'), cell(text)]),
    );
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(1);
    const editor = await vscode.window.showTextDocument(document);
    assert.equal(editor.document.uri.scheme, 'vscode-notebook-cell');
    const params = await everything(editor, 'France is');
    assert.equal(params.text, 'The capital of France is');
  });

  test('a cell that is deleted', async () => {
    const cell = (value: string) =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, value, 'python');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([cell('import sys'), cell(text)]),
    );
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(1);
    await vscode.window.showTextDocument(document);
    await parts.overlayCommands.toggle('surprisal');
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2))]);
    await vscode.workspace.applyEdit(edit);
    await until(() => parts.overlays.of(document) === null);
  });

  test('both sides of a diff', async () => {
    const left = await vscode.workspace.openTextDocument({ content: text });
    const right = await vscode.workspace.openTextDocument({ content: text.replace('France', 'Spain') });
    await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri);
    await until(() => vscode.window.visibleTextEditors.length === 2);
    const side = (document: vscode.TextDocument) =>
      vscode.window.visibleTextEditors.find((editor) => editor.document === document)!;
    await parts.overlayCommands.toggle('surprisal');
    const active = vscode.window.activeTextEditor!;
    await until(() => parts.overlays.marks(active).tokens.length > 0);
    const other = side(active.document === right ? left : right);
    parts.overlays.show(other.document, 'surprisal');
    await until(() => parts.overlays.marks(other).tokens.length > 0);
    assert.notEqual(active.document, other.document);
  });

  test('a read-only document', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('whytoken-test', {
      provideTextDocumentContent: () => text,
    });
    try {
      const uri = vscode.Uri.parse('whytoken-test:/read-only.txt');
      await everything(await vscode.window.showTextDocument(uri), 'France is');
    } finally {
      provider.dispose();
    }
  });

  test('several editors on one document', async () => {
    const editor = await openText(text);
    const other = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.Two);
    await everything(other, 'France is');
  });

  test('several cursors: the first one made counts, and a note says so', async () => {
    const editor = await openText(text);
    const at = (start: number, end: number) => new vscode.Selection(0, start, 0, end);
    editor.selections = [at(15, 21), at(0, 3)];
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained.at(-1)!;
    assert.equal(request.params.text, 'The capital of France');
    request.resolve(explanationOf(request.params));
    await run;
    assert.equal(parts.texts.of(editor.document)!.choice.selections, 2);
    assert.deepEqual(
      editor.selections.map(({ isEmpty, active }) => [isEmpty, active.character]),
      [
        [true, 21],
        [true, 3],
      ],
      'all cursors stay',
    );
  });
});

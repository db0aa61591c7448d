import { type TextDocument, type TextEditor, window } from 'vscode';

/** An editor of a document, with the focus: the one that shows it, if there is one. */
export async function focusOn(document: TextDocument): Promise<TextEditor> {
  const { activeTextEditor: active, visibleTextEditors } = window;
  const isActive = active?.document === document;
  // A notebook's cell has no column, and would be opened beside its notebook.
  if (isActive && active.viewColumn === undefined) return active;
  const shown = isActive ? active : visibleTextEditors.find((editor) => editor.document === document);
  const viewColumn = shown?.viewColumn;
  return window.showTextDocument(document, viewColumn === undefined ? {} : { viewColumn });
}

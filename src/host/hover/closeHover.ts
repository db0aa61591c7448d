import { commands, type TextDocument } from 'vscode';
import { focusOn } from '../focusOn.ts';

/**
 * After one of its links was used a hover tells what is no longer so, and under a pointer at rest it would stay.
 * @param document where it was shown; null: it is not known, or not open any more
 */
export async function closeHover(document: TextDocument | null): Promise<void> {
  // The hover has the focus by then. Closed with it, it would keep others from being shown.
  if (document) await focusOn(document);
  else await commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await commands.executeCommand('editor.action.hideHover');
}

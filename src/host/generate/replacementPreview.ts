import {
  commands,
  type Disposable,
  l10n,
  type Range,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { quoted } from '../../text/visible.ts';

/** Of the texts that are only compared with; the manifest's buttons go by it. */
const scheme = 'whytoken-proposed';

/** Characters of a text that are told in the question; the comparison has all of it. */
const mostTold = 40;

let proposed = 0;

/** The comparisons that are open, by their right sides, and what decides them. */
const undecided = new Map<string, (isWanted: boolean) => void>();

/** What the buttons above a comparison do. @param argument the right side, or nothing: what is looked at */
export function decideReplacement(isWanted: boolean, argument: unknown): void {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = input instanceof TabInputTextDiff ? input.modified : null;
  const uri = argument instanceof Uri ? argument : shown;
  undecided.get(uri?.toString() ?? '')?.(isWanted);
}

/** Shows a document beside what it would be, and asks whether that is wanted; false if it was changed meanwhile. */
export async function isReplacementWanted(
  document: TextDocument,
  replaced: Range,
  text: string,
): Promise<boolean> {
  proposed += 1;
  const { path } = document.uri;
  const uri = Uri.from({ scheme, path: path.startsWith('/') ? path : `/${path}`, query: `${proposed}` });
  const [start, end] = [document.offsetAt(replaced.start), document.offsetAt(replaced.end)];
  const whole = document.getText();
  const content = whole.slice(0, start) + text + whole.slice(end);
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (asked) => (asked.query === uri.query ? content : null),
  });
  const subscriptions: Disposable[] = [];
  // The question is a message that goes out of sight: the comparison itself can be decided and closed as well.
  const decided = new Promise<boolean>((resolve) => {
    undecided.set(uri.toString(), resolve);
    subscriptions.push(
      workspace.onDidChangeTextDocument(({ document: other, contentChanges }) => {
        if (other === document && contentChanges.length > 0) resolve(false);
      }),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some(({ input }) => isComparisonWith(input, uri))) resolve(false);
      }),
    );
  });
  try {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const title = l10n.t('{0} ↔ as it would be', name);
    await commands.executeCommand('vscode.diff', document.uri, uri, title, {
      selection: replaced.with({ end: replaced.start }),
    });
    const replace = l10n.t('Replace');
    const question = l10n.t(
      'Replace {0} by {1}? Nothing is changed before you do.',
      told(whole.slice(start, end)),
      told(text),
    );
    const answer = window
      .showInformationMessage(question, replace, l10n.t('Keep the Text'))
      .then((chosen) => chosen === replace);
    return await Promise.race([answer, decided]);
  } finally {
    undecided.delete(uri.toString());
    for (const subscription of subscriptions) subscription.dispose();
    await closeDiff(uri);
    provider.dispose();
  }
}

async function closeDiff(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  await window.tabGroups.close(tabs.filter(({ input }) => isComparisonWith(input, uri)));
}

function isComparisonWith(input: unknown, uri: Uri): boolean {
  return input instanceof TabInputTextDiff && input.modified.toString() === uri.toString();
}

function told(text: string): string {
  const characters = [...text];
  return quoted(characters.length > mostTold ? `${characters.slice(0, mostTold).join('')}…` : text);
}

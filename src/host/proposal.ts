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

/** Of the texts that are only compared with; the manifest's buttons go by it. */
const scheme = 'whytoken-proposed';

let proposed = 0;

/** The comparisons that are open, by their right sides, and what decides them. */
const undecided = new Map<string, (isWanted: boolean) => void>();

/** What the buttons above a comparison do. @param argument the right side, or nothing: what is looked at */
export function decideProposal(isWanted: boolean, argument: unknown): void {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = input instanceof TabInputTextDiff ? input.modified : null;
  const uri = argument instanceof Uri ? argument : shown;
  undecided.get(uri?.toString() ?? '')?.(isWanted);
}

export interface Proposal {
  /** All of the document, as it would be. */
  content: string;
  /** Where it begins to differ. */
  place: Range;
  question: string;
  /** The button that says yes. */
  accept: string;
  /** Is given the right side of the comparison once it is shown. */
  onShown?(proposed: TextDocument): void;
}

/** Shows a document beside what it would be, and asks whether that is wanted; false if it was changed meanwhile. */
export async function isProposalWanted(
  document: TextDocument,
  { content, place, question, accept, onShown }: Proposal,
): Promise<boolean> {
  proposed += 1;
  const { path } = document.uri;
  const uri = Uri.from({ scheme, path: path.startsWith('/') ? path : `/${path}`, query: `${proposed}` });
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
      selection: place.with({ end: place.start }),
    });
    const shown = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (shown) onShown?.(shown);
    const answer = window
      .showInformationMessage(question, accept, l10n.t('Keep the Text'))
      .then((chosen) => chosen === accept);
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

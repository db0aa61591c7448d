import { isDeepStrictEqual } from 'node:util';
import { type Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import type { Evidence, PartialExplanation } from '../../protocol/results.ts';
import type { ExplainedText } from './explainedText.ts';

/**
 * What became of an explained text: `looked-at` when its editor becomes the active one, `weighed` when it is known how far
 * its answer can be believed.
 */
export interface ExplainedTextEvent {
  kind: 'answered' | 'moved' | 'removed' | 'looked-at' | 'weighed';
  explained: ExplainedText;
}

/** How many answered questions are kept of one document. */
const most = 16;

/**
 * The explanations of each document: the one that is shown, what was asked before, and what is still under way. All of
 * them follow the edits of their document, and are dropped when an edit makes them untrue.
 */
export class ExplainedTexts implements Disposable {
  readonly #shown = new Map<TextDocument, ExplainedText>();
  /** Answered to the end, the latest last; what is shown may be among them. */
  readonly #kept = new Map<TextDocument, readonly ExplainedText[]>();
  readonly #awaited = new Map<ExplainedText, () => void>();
  readonly #changed = new EventEmitter<ExplainedTextEvent>();
  readonly #subscriptions: Disposable[];
  #current: ExplainedText | null = null;
  /** What was asked last; null once an explanation was looked at since. */
  #latest: ExplainedText | null = null;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#follow(document, contentChanges);
      }),
      // VS Code reports a change of a document's language as closing and opening it, though the document lives on.
      workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.#forget(document);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        const explained = editor && this.#shown.get(editor.document);
        if (!explained) return;
        this.#current = explained;
        this.#latest = null;
        this.#changed.fire({ kind: 'looked-at', explained });
      }),
    ];
  }

  /** The one that a person looked at last, as long as it holds. */
  get current(): ExplainedText | null {
    return this.#current;
  }

  /** What the active editor shows; in a panel or a terminal, what was looked at last. */
  get lookedAt(): ExplainedText | null {
    const editor = window.activeTextEditor;
    return editor ? (this.#shown.get(editor.document) ?? null) : this.#current;
  }

  of(document: TextDocument): ExplainedText | undefined {
    return this.#shown.get(document);
  }

  /** From now on `explained` follows the edits; `lost` is called when it does not survive one. */
  begin(explained: ExplainedText, lost: () => void): void {
    this.#awaited.set(explained, lost);
    this.#latest = explained;
  }

  /** Takes an answer, partial or final, in place of what the document showed so far; nothing if the text was lost. */
  answer(explained: ExplainedText, explanation: PartialExplanation): void {
    if (!this.#awaited.has(explained)) return;
    explained.answer(explanation);
    const { document } = explained;
    const isLookedAt = explained === this.#latest || document === window.activeTextEditor?.document;
    if (isLookedAt || (this.#current?.document ?? document) === document) this.#current = explained;
    this.#show(explained);
  }

  /** Takes how far an answer can be believed, if it is still the one. */
  weigh(explained: ExplainedText, explanation: PartialExplanation, evidence: Evidence): void {
    if (explained.explanation !== explanation) return;
    explained.evidence = evidence;
    if (this.#shown.get(explained.document) === explained) this.#changed.fire({ kind: 'weighed', explained });
  }

  /**
   * No more answers are awaited. The answer is kept if a person asked; it is not kept if it was asked because somebody
   * typed.
   */
  end(explained: ExplainedText): void {
    const isAwaited = this.#awaited.delete(explained);
    const { document, explanation, choice } = explained;
    this.#dropUnrefined(document);
    if (!isAwaited || !explanation || explanation.refining || choice.kind === 'live') return;
    const others = this.#keptOf(document).filter((other) => !isSame(other, explained));
    this.#kept.set(document, [...others, explained].slice(-most));
  }

  /** The answer to the same question, if it was asked by the same request and its text still stands where it did. */
  known(asked: ExplainedText): ExplainedText | undefined {
    return this.#keptOf(asked.document).find(
      (explained) => !explained.contextChanged && isSame(explained, asked),
    );
  }

  /** Shows what has an answer, in place of what the document showed so far. */
  show(explained: ExplainedText): void {
    this.#latest = explained;
    this.#current = explained;
    this.#show(explained);
  }

  /** Takes away what the document shows. It is still known. */
  clear(document: TextDocument): void {
    const explained = this.#shown.get(document);
    if (explained) this.#remove(explained);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #show(explained: ExplainedText): void {
    this.#shown.set(explained.document, explained);
    this.#changed.fire({ kind: 'answered', explained });
  }

  /** A first answer that will not be refined any more may be far from the right one. */
  #dropUnrefined(document: TextDocument): void {
    const isAwaited = [...this.#awaited.keys()].some((explained) => explained.document === document);
    const shown = this.#shown.get(document);
    if (shown?.explanation?.refining && shown.choice.kind !== 'live' && !isAwaited) this.#remove(shown);
  }

  #keptOf(document: TextDocument): readonly ExplainedText[] {
    return this.#kept.get(document) ?? [];
  }

  #remove(explained: ExplainedText): void {
    if (this.#shown.get(explained.document) !== explained) return;
    this.#shown.delete(explained.document);
    if (this.#current === explained) this.#current = null;
    this.#changed.fire({ kind: 'removed', explained });
  }

  #follow(document: TextDocument, changes: Parameters<ExplainedText['follow']>[0]): void {
    for (const explained of this.#ofDocument(document)) {
      explained.follow(changes);
      if (!explained.intact) this.#lose(explained);
      else if (this.#shown.get(document) === explained) this.#changed.fire({ kind: 'moved', explained });
    }
  }

  #forget(document: TextDocument): void {
    for (const explained of this.#ofDocument(document)) this.#lose(explained);
  }

  #lose(explained: ExplainedText): void {
    const lost = this.#awaited.get(explained);
    this.#awaited.delete(explained);
    this.#drop(explained);
    this.#remove(explained);
    lost?.();
  }

  #drop(dropped: ExplainedText): void {
    const { document } = dropped;
    const rest = this.#keptOf(document).filter((explained) => explained !== dropped);
    if (rest.length > 0) this.#kept.set(document, rest);
    else this.#kept.delete(document);
  }

  #ofDocument(document: TextDocument): Set<ExplainedText> {
    const all = [...this.#shown.values(), ...this.#awaited.keys(), ...this.#keptOf(document)];
    return new Set(all.filter((explained) => explained.document === document));
  }
}

/** The same question at the same place, put to the same model by the same method. */
function isSame(one: ExplainedText, other: ExplainedText): boolean {
  return isDeepStrictEqual([one.question, one.params], [other.question, other.params]);
}

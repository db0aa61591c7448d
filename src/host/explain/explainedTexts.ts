import { type Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import type { PartialExplanation } from '../../protocol/results.ts';
import type { ExplainedText } from './explainedText.ts';

/** What became of an explained text: `looked-at` when its editor becomes the active one. */
export interface ExplainedTextEvent {
  kind: 'answered' | 'moved' | 'removed' | 'looked-at';
  explained: ExplainedText;
}

/**
 * The explanations that are on screen, one per document, and those still under way. All of them follow the edits of
 * their document, and are removed when an edit makes them untrue.
 */
export class ExplainedTexts implements Disposable {
  readonly #shown = new Map<TextDocument, ExplainedText>();
  readonly #awaited = new Map<ExplainedText, () => void>();
  readonly #changed = new EventEmitter<ExplainedTextEvent>();
  readonly #subscriptions: Disposable[];
  #current: ExplainedText | null = null;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#follow(document, contentChanges);
      }),
      // A change of the language closes and opens a document that goes on living.
      workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.#forget(document);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        const explained = editor && this.#shown.get(editor.document);
        if (!explained) return;
        this.#current = explained;
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
  }

  /** Takes an answer, partial or final, in place of what the document showed so far; nothing if the text was lost. */
  answer(explained: ExplainedText, explanation: PartialExplanation): void {
    if (!this.#awaited.has(explained)) return;
    explained.answer(explanation);
    this.#shown.set(explained.document, explained);
    this.#current = explained;
    this.#changed.fire({ kind: 'answered', explained });
  }

  /** No more answers are awaited. */
  end(explained: ExplainedText): void {
    this.#awaited.delete(explained);
  }

  clear(document: TextDocument): void {
    const explained = this.#shown.get(document);
    if (explained) this.#remove(explained);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
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
      else if (explained.explanation) this.#changed.fire({ kind: 'moved', explained });
    }
  }

  #forget(document: TextDocument): void {
    for (const explained of this.#ofDocument(document)) this.#lose(explained);
  }

  #lose(explained: ExplainedText): void {
    const lost = this.#awaited.get(explained);
    this.#awaited.delete(explained);
    this.#remove(explained);
    lost?.();
  }

  #ofDocument(document: TextDocument): Set<ExplainedText> {
    const all = [...this.#shown.values(), ...this.#awaited.keys()];
    return new Set(all.filter((explained) => explained.document === document));
  }
}

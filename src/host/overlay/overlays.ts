import type { TextEditor } from 'vscode';
import { commands, type Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import { type Marks, noMarks, type Overlay, type OverlayId } from './overlay.ts';

/** Which overlay each document shows: none until somebody asks, and one at a time. */
export class Overlays implements Disposable {
  readonly #overlays: ReadonlyMap<OverlayId, Overlay>;
  readonly #shown = new Map<TextDocument, OverlayId>();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];
  #context: OverlayId | 'none' = 'none';

  /** Something else is to be drawn on the editors of a document. */
  readonly onDidChange = this.#changed.event;

  constructor(overlays: readonly Overlay[]) {
    this.#overlays = new Map(overlays.map((overlay) => [overlay.id, overlay]));
    this.#subscriptions = [
      ...overlays.map((overlay) =>
        overlay.onDidChange((document) => {
          if (this.#shown.get(document) === overlay.id) this.#changed.fire(document);
        }),
      ),
      workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.show(document, null);
      }),
      // The document of a cell that was deleted lives on, in case somebody undoes it.
      workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
        const added = contentChanges.flatMap(({ addedCells }) => addedCells);
        const removed = contentChanges.flatMap(({ removedCells }) => removedCells);
        for (const cell of removed) if (!added.includes(cell)) this.show(cell.document, null);
      }),
      window.onDidChangeActiveTextEditor(() => this.#setContext()),
    ];
  }

  of(document: TextDocument): OverlayId | null {
    return this.#shown.get(document) ?? null;
  }

  /** null: nothing. */
  show(document: TextDocument, id: OverlayId | null): void {
    const before = this.of(document);
    if (before === id) return;
    if (id) this.#shown.set(document, id);
    else this.#shown.delete(document);
    if (before) this.#overlays.get(before)?.hide(document);
    if (id) this.#overlays.get(id)?.show(document);
    this.#setContext();
    this.#changed.fire(document);
  }

  /** Whether what is shown on the document asks anew, as something else is meant by now. */
  again(document: TextDocument): boolean {
    return this.#overlayOf(document)?.again?.(document) ?? false;
  }

  /** Tries again what could not be computed before. */
  askAgain(): void {
    for (const [document, id] of this.#shown) this.#overlays.get(id)?.show(document);
  }

  marks(editor: TextEditor): Marks {
    return this.#overlayOf(editor.document)?.marks(editor) ?? noMarks;
  }

  headline(document: TextDocument): string {
    return this.#overlayOf(document)?.headline(document) ?? '';
  }

  legend(document: TextDocument): string {
    return this.#overlayOf(document)?.legend?.(document) ?? '';
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const overlay of this.#overlays.values()) overlay.dispose();
    this.#changed.dispose();
  }

  #overlayOf(document: TextDocument): Overlay | undefined {
    const id = this.#shown.get(document);
    return id && this.#overlays.get(id);
  }

  /** For the `when` clauses: what the active editor shows. */
  #setContext(): void {
    const document = window.activeTextEditor?.document;
    const context = (document && this.#shown.get(document)) ?? 'none';
    if (context === this.#context) return;
    this.#context = context;
    void commands.executeCommand('setContext', 'whytoken.active', context !== 'none');
    void commands.executeCommand('setContext', 'whytoken.overlay', context);
  }
}

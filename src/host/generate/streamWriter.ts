import {
  type Disposable,
  EndOfLine,
  type TextDocumentChangeEvent,
  type TextEditor,
  window,
  workspace,
} from 'vscode';

/** Why nothing more is written. */
export type Interruption = 'changed' | 'closed' | 'read-only';

/**
 * Writes a text into a document as it comes, as one undo step (VS Code ends a step where it saves). It never writes into text that somebody else has
 * changed meanwhile: then it stops, and what stands there stays.
 */
export class StreamWriter implements Disposable {
  readonly #editor: TextEditor;
  readonly #interrupted: (why: Interruption) => void;
  readonly #subscription: Disposable;
  /** The latest piece waits here until the next one comes, because the last edit has to close the undo step. */
  readonly #pieces: string[] = [];
  #offset: number;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** The edit of ours that is under way. */
  #expected: string | null = null;
  #hasWritten = false;
  #isStopped = false;

  constructor(editor: TextEditor, offset: number, interrupted: (why: Interruption) => void) {
    this.#editor = editor;
    this.#offset = offset;
    this.#interrupted = interrupted;
    this.#subscription = workspace.onDidChangeTextDocument((event) => this.#check(event));
  }

  push(text: string): void {
    if (text === '' || this.#isStopped) return;
    this.#pieces.push(text);
    if (!this.#isWriting && this.#pieces.length > 1) this.#writing = this.#writeAllButLast();
  }

  /** Writes what is left and closes the undo step. */
  async finish(): Promise<void> {
    await this.#writing;
    if (!this.#isStopped && this.#pieces.length > 0) await this.#write(this.#pieces.splice(0).join(''), true);
  }

  dispose(): void {
    this.#isStopped = true;
    this.#subscription.dispose();
  }

  async #writeAllButLast(): Promise<void> {
    this.#isWriting = true;
    while (this.#pieces.length > 1 && !this.#isStopped) {
      await this.#write(this.#pieces.splice(0, this.#pieces.length - 1).join(''), false);
    }
    this.#isWriting = false;
  }

  async #write(piece: string, isLast: boolean): Promise<void> {
    const { document } = this.#editor;
    const editor = window.visibleTextEditors.find((visible) => visible.document === document);
    if (!editor) return this.#stop('closed');
    const text = piece.replace(/\r\n|\r|\n/g, document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
    const version = document.version;
    this.#expected = text;
    const applied = await editor
      .edit((edit) => edit.insert(document.positionAt(this.#offset), text), {
        undoStopBefore: !this.#hasWritten,
        undoStopAfter: isLast,
      })
      .then(undefined, () => false);
    this.#expected = null;
    if (!applied) return this.#stop(document.isClosed ? 'closed' : 'changed');
    // A read-only editor takes an edit and does nothing.
    if (document.version === version) return this.#stop('read-only');
    this.#offset += text.length;
    this.#hasWritten = true;
  }

  #check({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (document !== this.#editor.document || contentChanges.length === 0) return;
    const [change] = contentChanges;
    const isOurs =
      contentChanges.length === 1 &&
      change?.rangeOffset === this.#offset &&
      change.rangeLength === 0 &&
      change.text === this.#expected;
    if (!isOurs) this.#stop('changed');
  }

  #stop(why: Interruption): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#interrupted(why);
  }
}

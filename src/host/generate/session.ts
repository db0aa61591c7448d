import {
  commands,
  type Disposable,
  EndOfLine,
  EventEmitter,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { GeneratedPiece } from '../../protocol/engine.ts';
import type { GeneratedSequence } from '../../protocol/results.ts';
import type { TextChange } from '../text/trackedSpan.ts';
import type { Candidate } from './candidate.ts';
import type { GeneratedTexts } from './generatedTexts.ts';
import { GhostText } from './ghostText.ts';
import { LiveCandidates } from './liveCandidates.ts';

/**
 * Why candidates are offered no longer: all of one is `taken`; the person has `left` them; the text was `changed` at
 * another place; the editor has `refused` to show them; or whoever began has it `cancelled`.
 */
export type SessionEnd = 'taken' | 'left' | 'changed' | 'refused' | 'cancelled';

/** While candidates come they are shown anew at most once in so many milliseconds. */
const refreshMilliseconds = 400;

/** Candidates offered at the cursor of an editor, from their first token until they are taken or left. */
export class Session implements Disposable {
  readonly #editor: TextEditor;
  readonly #texts: GeneratedTexts;
  readonly #candidates: LiveCandidates;
  readonly #ghost: GhostText<Candidate>;
  readonly #ended = new EventEmitter<SessionEnd>();
  readonly #subscriptions: Disposable[];
  #isLive = true;
  #isShown = false;
  #isStale = false;
  #refreshing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  /** Fires once. */
  readonly onDidEnd = this.#ended.event;

  /** @param anchor UTF-16 offset where they are offered; the editor's cursor stands there */
  constructor(editor: TextEditor, anchor: number, texts: GeneratedTexts) {
    const { document } = editor;
    this.#editor = editor;
    this.#texts = texts;
    this.#candidates = new LiveCandidates(anchor, document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
    this.#ghost = new GhostText(document, (offset) =>
      offset === this.#candidates.position ? this.#offers() : [],
    );
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (changed === document && contentChanges.length > 0) this.#follow(contentChanges);
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === editor && !this.#isCursorThere()) this.#end('left');
      }),
      window.onDidChangeActiveTextEditor((active) => {
        if (active !== editor) this.#end('left');
      }),
    ];
    setContext(true);
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Takes a token of one of the candidates. */
  push(piece: GeneratedPiece): void {
    this.#candidates.push(piece);
    if (piece.text === '' || !this.#isLive) return;
    this.#isStale = true;
    this.#schedule();
  }

  /**
   * Takes the whole candidates, and shows them.
   * @returns how many different ones are offered
   */
  async finish(sequences: readonly GeneratedSequence[]): Promise<number> {
    this.#candidates.finish(sequences);
    this.#isStale = true;
    while (this.#isStale && this.#isLive) await (this.#refreshing ?? this.#startRefresh());
    return this.#offers().length;
  }

  /** Ends it, and hides what is shown: what was on its way to the screen has come there first. */
  async close(why: 'left' | 'cancelled' = 'cancelled'): Promise<void> {
    const wasLive = this.#isLive;
    this.#end(why);
    await this.#refreshing;
    if (wasLive && this.#isShown) await this.#ghost.hide();
  }

  dispose(): void {
    this.#end('cancelled');
  }

  #offers() {
    const { character, line } = this.#editor.document.positionAt(this.#candidates.position);
    const isLineStart = character === 0 && line > 0;
    const rests = this.#candidates.rests(this.#ghost.shown, isLineStart);
    return rests.map(({ candidate, text }) => ({ key: candidate, text }));
  }

  /** Begins a refresh now or when it is due; the one under way begins the next one when it ends. */
  #schedule(): void {
    if (this.#refreshing || this.#timer) return;
    const wait = Math.max(0, this.#refreshedAt + refreshMilliseconds - performance.now());
    this.#timer = setTimeout(() => this.#startRefresh().catch(() => this.#end('refused')), wait);
  }

  /** Never two at a time: one would take for hidden what the other is about to show. */
  #startRefresh(): Promise<void> {
    this.#stopTimer();
    this.#refreshing = this.#refresh().finally(() => {
      this.#refreshing = null;
      if (this.#isStale && this.#isLive) this.#schedule();
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    this.#refreshedAt = performance.now();
    this.#candidates.offer();
    if (this.#offers().length === 0) return;
    if (this.#isShown) {
      if (!(await this.#ghost.refresh())) this.#end('left');
    } else {
      this.#isShown = await this.#ghost.show();
      if (!this.#isShown) this.#end('refused');
    }
  }

  #follow(changes: readonly TextChange[]): void {
    const consequence = this.#candidates.follow(changes, this.#ghost.shown);
    if (consequence.kind !== 'taken') {
      this.#end(consequence.kind === 'left' ? 'left' : 'changed');
      return;
    }
    const { at, text, tokens } = consequence;
    if (text !== '') this.#texts.insert(this.#editor.document, at, text, tokens);
    const left = this.#offers().length;
    if (this.#ghost.isWhole(text) || left === 0) this.#end('taken');
    else if (left > 1) this.#refreshSoon();
  }

  /** After a part is taken VS Code shows the first of those that begin with it, and not the one that was chosen. */
  #refreshSoon(): void {
    this.#isStale = true;
    this.#refreshedAt = Number.NEGATIVE_INFINITY;
    this.#schedule();
  }

  /** At the end of what has been taken: elsewhere VS Code hides them too. */
  #isCursorThere(): boolean {
    const { document, selection, selections } = this.#editor;
    const isAtEnd = document.offsetAt(selection.active) === this.#candidates.position;
    return selections.length === 1 && selection.isEmpty && isAtEnd;
  }

  #end(why: SessionEnd): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#stopTimer();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#ghost.dispose();
    setContext(false);
    this.#ended.fire(why);
    this.#ended.dispose();
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** For the `when` clause of Escape. */
function setContext(isLive: boolean): void {
  void commands.executeCommand('setContext', 'whytoken.candidates', isLive);
}

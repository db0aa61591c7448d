import {
  type CommentController,
  CommentMode,
  type CommentThread,
  CommentThreadCollapsibleState,
  comments,
  type Disposable,
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
  TextEditorRevealType,
  window,
} from 'vscode';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Problems } from '../problems.ts';
import { answerMarkdown } from './answerMarkdown.ts';

interface Open {
  thread: CommentThread;
  explained: ExplainedText;
}

/** `Whytoken: Show Answer Under the Line`: the explanation in words in a comment thread, until the explanation goes. */
export class AnswerThread implements Disposable {
  readonly #texts: ExplainedTexts;
  readonly #problems: Problems;
  readonly #open = new Map<TextDocument, Open>();
  readonly #subscription: Disposable;
  /** Made when it is needed: a controller puts a view and a gutter into the editor. */
  #controller: CommentController | null = null;
  readonly #opened = new EventEmitter<void>();

  readonly onDidOpen = this.#opened.event;

  constructor(texts: ExplainedTexts, problems: Problems) {
    this.#texts = texts;
    this.#problems = problems;
    this.#subscription = texts.onDidChange(({ kind, explained }) => {
      if (kind === 'removed') this.#close(explained.document);
      else if (kind !== 'looked-at' && this.#open.has(explained.document)) this.#update(explained);
    });
  }

  /** Opens the answer to what the active editor shows; closes it where it is open. */
  toggle(): void {
    const editor = window.activeTextEditor;
    const document = editor?.document;
    const explained = document && this.#texts.of(document);
    if (!explained)
      this.#problems.note(l10n.t('Explain something first: select text and run Explain Selection.'));
    else if (this.#open.has(document)) this.#close(document);
    else {
      this.#update(explained);
      const range = this.#open.get(document)?.thread.range;
      // Whoever asks wants to read it; updates come by themselves and leave the editor where it is.
      if (range) editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
      this.#opened.fire();
    }
  }

  isOpen(document: TextDocument): boolean {
    return this.#open.has(document);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { thread } of this.#open.values()) thread.dispose();
    this.#controller?.dispose();
    this.#opened.dispose();
  }

  #update(explained: ExplainedText): void {
    const { document, explanation } = explained;
    if (!explanation) return;
    const open = this.#open.get(document);
    const { end } = explained.targetRange ?? explained.range;
    const range = new Range(end.line, 0, end.line, 0);
    if (open?.explained !== explained || !open.thread.range?.isEqual(range)) {
      // A thread is moved by the editor itself; a new question has a thread of its own.
      open?.thread.dispose();
      this.#controller ??= comments.createCommentController('whytoken', 'Whytoken');
      const thread = this.#controller.createCommentThread(document.uri, range, []);
      thread.canReply = false;
      thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
      this.#open.set(document, { thread, explained });
    }
    const { thread } = this.#open.get(document)!;
    thread.label = l10n.t('Explanation');
    thread.comments = [
      { author: { name: 'Whytoken' }, body: answerMarkdown(explained), mode: CommentMode.Preview },
    ];
  }

  #close(document: TextDocument): void {
    this.#open.get(document)?.thread.dispose();
    this.#open.delete(document);
  }
}

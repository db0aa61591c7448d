import { type Disposable, EventEmitter, Range, type TextDocument, workspace } from 'vscode';
import type { TextChange } from '../text/trackedSpan.ts';
import type { PlacedTokens } from './candidate.ts';
import { GeneratedStretch } from './generatedStretch.ts';

/**
 * The generated text that stands in documents, with what the model knew of each token. It follows the edits, and ends
 * where one touches it. Whoever inserts generated text tells it in the event of that change, or after it.
 */
export class GeneratedTexts implements Disposable {
  readonly #stretches = new Map<TextDocument, Set<GeneratedStretch>>();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];

  /** The generated text of a document has come, moved or gone. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.#follow(document, contentChanges),
      ),
      // VS Code reports a change of a document's language as closing and opening it, though the document lives on.
      workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.#stretches.delete(document);
      }),
    ];
  }

  /** @param tokens at their UTF-16 ranges of the document; the first may begin in generated text right before `start` */
  insert(document: TextDocument, start: number, text: string, tokens: readonly PlacedTokens[]): void {
    const stretches = this.#stretches.get(document) ?? new Set();
    // An edit leaves the characters alone that stay the same, and with them what was known of them.
    for (const stretch of stretches) {
      stretch.endAt(start);
      if (start <= stretch.start && stretch.start < start + text.length) stretches.delete(stretch);
    }
    const before = [...stretches].find(({ end }) => end === start);
    if (before) before.append(text, tokens);
    else stretches.add(new GeneratedStretch(start, text, tokens));
    this.#stretches.set(document, stretches);
    this.#changed.fire(document);
  }

  /** What was generated at a UTF-16 offset: several tokens where a character came in pieces. */
  tokensAt(document: TextDocument, offset: number): PlacedTokens | null {
    return this.#at(document, offset)?.tokensAt(offset) ?? null;
  }

  /** The end of the generated text that stands at an offset; null if there is none. */
  endAt(document: TextDocument, offset: number): number | null {
    return this.#at(document, offset)?.end ?? null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #at(document: TextDocument, offset: number): GeneratedStretch | undefined {
    const stretches = [...(this.#stretches.get(document) ?? [])];
    return stretches.find(({ start, end }) => start <= offset && offset < end);
  }

  #follow(document: TextDocument, changes: readonly TextChange[]): void {
    const stretches = this.#stretches.get(document);
    if (!stretches) return;
    for (const stretch of stretches) {
      stretch.follow(changes);
      if (!stretch.intact || textAt(document, stretch) !== stretch.text) stretches.delete(stretch);
    }
    if (stretches.size === 0) this.#stretches.delete(document);
    this.#changed.fire(document);
  }
}

/** When the line ends change, everything after them moves, but VS Code reports no change. */
function textAt(document: TextDocument, { start, end }: GeneratedStretch): string {
  return document.getText(new Range(document.positionAt(start), document.positionAt(end)));
}

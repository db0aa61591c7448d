import { type Position, Range, type TextDocument } from 'vscode';
import type { Explanation, Scores } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { largestOf } from '../../text/level.ts';
import type { Snapshot } from '../text/snapshot.ts';
import { type TextChange, TrackedSpan } from '../text/trackedSpan.ts';

/** What a person chose to have explained, for saying so. */
export interface Choice {
  /** `line`: nothing was selected, so it is the line or paragraph up to the cursor. */
  kind: 'selection' | 'line';
  /** Selections there were; only the primary one is explained. */
  selections: number;
}

/** A stretch of a document with what is known about it, bound to the text that it was computed for. */
export class ExplainedText {
  readonly document: TextDocument;
  readonly snapshot: Snapshot;
  readonly choice: Choice;
  /** The latest answer: partial ones come first. */
  explanation: Explanation | null = null;
  tokens: readonly DisplayToken[] = [];
  /** The largest |score|. */
  largest = 0;
  scores: Scores | null = null;
  readonly #span: TrackedSpan;
  readonly #read: TrackedSpan;

  constructor(document: TextDocument, snapshot: Snapshot, choice: Choice) {
    this.document = document;
    this.snapshot = snapshot;
    this.choice = choice;
    const end = snapshot.base + snapshot.text.length;
    this.#span = new TrackedSpan(snapshot.base + snapshot.range.start, end);
    this.#read = new TrackedSpan(snapshot.base, end);
  }

  /** False as soon as the explained text is no longer what it was. */
  get intact(): boolean {
    return this.#span.intact && this.document.getText(this.range) === this.#text;
  }

  /** True when the context in front of the explained text has been edited. */
  get contextChanged(): boolean {
    return !this.#read.intact;
  }

  /** Where the explained text now stands. */
  get range(): Range {
    return this.#rangeAt(this.#span.start, this.#span.end);
  }

  /** Tokens at the front of the explained text that did not fit into the model's context are not explained. */
  get isTail(): boolean {
    const first = this.tokens[0];
    return !this.snapshot.whole || (first !== undefined && first.start > this.snapshot.range.start);
  }

  follow(changes: readonly TextChange[]): void {
    this.#span.apply(changes);
    this.#read.apply(changes);
  }

  answer(explanation: Explanation): void {
    this.explanation = explanation;
    this.tokens = displayTokens(this.snapshot.text, explanation.tokens, this.snapshot.range.start);
    this.largest = largestOf(this.tokens);
  }

  rangeOf(token: DisplayToken): Range {
    const shift = this.#span.start - this.snapshot.range.start;
    return this.#rangeAt(token.start + shift, token.end + shift);
  }

  /** Index of the token at a position of the document; −1 where there is none. */
  tokenAt(position: Position): number {
    const offset = this.document.offsetAt(position) - this.#span.start + this.snapshot.range.start;
    return this.tokens.findIndex((token) => token.start <= offset && offset < token.end);
  }

  get #text(): string {
    return this.snapshot.text.slice(this.snapshot.range.start);
  }

  #rangeAt(start: number, end: number): Range {
    return new Range(this.document.positionAt(start), this.document.positionAt(end));
  }
}

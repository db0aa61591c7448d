import { type Position, Range, type TextDocument } from 'vscode';
import type { ExplainParams } from '../../protocol/engine.ts';
import type { Evidence, PartialExplanation } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { largestOf } from '../../text/level.ts';
import type { Snapshot } from '../text/snapshot.ts';
import { type TextChange, TrackedSpan } from '../text/trackedSpan.ts';
import type { Choice, Question } from './question.ts';

/** A stretch of a document with what is known about it, bound to the text that it was computed for. */
export class ExplainedText {
  readonly document: TextDocument;
  readonly snapshot: Snapshot;
  /** What the engine was asked. */
  readonly params: ExplainParams;
  /** The latest answer: partial ones come first. */
  explanation: PartialExplanation | null = null;
  /** How far that answer can be believed; null as long as it is not measured. */
  evidence: Evidence | null = null;
  tokens: readonly DisplayToken[] = [];
  /** The largest |score|. */
  largest = 0;
  /** The sum of all |scores|. */
  movement = 0;
  /** What was on screen before, if this answers the same question about a changed text. */
  readonly previous: PartialExplanation | null;
  readonly #question: Question;
  readonly #span: TrackedSpan;
  readonly #read: TrackedSpan;

  constructor(
    document: TextDocument,
    question: Question,
    snapshot: Snapshot,
    params: ExplainParams,
    previous: PartialExplanation | null = null,
  ) {
    this.document = document;
    this.snapshot = snapshot;
    this.params = params;
    this.previous = previous;
    this.#question = question;
    const end = snapshot.base + snapshot.text.length;
    this.#span = new TrackedSpan(snapshot.base + snapshot.range.start, end);
    this.#read = new TrackedSpan(snapshot.base, end);
  }

  get choice(): Choice {
    return this.#question.choice;
  }

  /** What was asked, in the offsets that the document has now. */
  get question(): Question {
    const { stretch, at } = this.#question;
    const shift = this.#shift;
    return {
      ...this.#question,
      stretch: { start: stretch.start + shift, end: stretch.end + shift },
      at: at === null ? null : at + shift,
    };
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

  /** Where the predicted token stands, if it stands in the text. */
  get targetRange(): Range | null {
    const span = this.explanation?.target.span;
    return span ? this.rangeOf(span) : null;
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

  answer(explanation: PartialExplanation): void {
    this.explanation = explanation;
    this.evidence = null;
    this.tokens = displayTokens(
      this.snapshot.text,
      explanation.tokens,
      this.snapshot.range.start,
      explanation.segments,
    );
    this.largest = largestOf(this.tokens);
    this.movement = this.tokens.reduce((sum, { score }) => sum + Math.abs(score), 0);
  }

  /** From offsets of the text that the model was given. */
  rangeOf({ start, end }: { start: number; end: number }): Range {
    const shift = this.snapshot.base + this.#shift;
    return this.#rangeAt(start + shift, end + shift);
  }

  /** Index of the token at a position of the document; −1 where there is none. */
  tokenAt(position: Position): number {
    const offset = this.document.offsetAt(position) - this.snapshot.base - this.#shift;
    return this.tokens.findIndex((token) => token.start <= offset && offset < token.end);
  }

  /** How far the text has moved since it was read. */
  get #shift(): number {
    return this.#span.start - this.snapshot.base - this.snapshot.range.start;
  }

  get #text(): string {
    return this.snapshot.text.slice(this.snapshot.range.start);
  }

  #rangeAt(start: number, end: number): Range {
    return new Range(this.document.positionAt(start), this.document.positionAt(end));
  }
}

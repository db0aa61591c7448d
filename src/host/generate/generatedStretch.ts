import { type TextChange, TrackedSpan } from '../text/trackedSpan.ts';
import type { PlacedTokens } from './candidate.ts';

/**
 * Generated text in a document, with the tokens that it was made of. It moves along with the edits around it. An edit
 * inside ends it there: what comes after has been generated after another text than stands there now.
 */
export class GeneratedStretch {
  #span: TrackedSpan;
  #text: string;
  /** Ranges count from the stretch's start. A token of which only a part is left is not listed. */
  #tokens: PlacedTokens[];

  /** @param tokens at their UTF-16 ranges of the document */
  constructor(start: number, text: string, tokens: readonly PlacedTokens[]) {
    this.#span = new TrackedSpan(start, start + text.length);
    this.#text = text;
    this.#tokens = moved(tokens, -start);
  }

  get start(): number {
    return this.#span.start;
  }

  get end(): number {
    return this.#span.end;
  }

  /** What stands in the document from start to end, as long as it is intact. */
  get text(): string {
    return this.#text;
  }

  get intact(): boolean {
    return this.#span.intact;
  }

  /** Appends what has been generated at its end. Tokens may begin in what the stretch already has. */
  append(text: string, tokens: readonly PlacedTokens[]): void {
    const added = moved(tokens, -this.start);
    const first = added[0]?.start ?? Number.POSITIVE_INFINITY;
    this.#tokens = [...this.#tokens.filter(({ end }) => end <= first), ...added];
    this.#text += text;
    this.#span = new TrackedSpan(this.start, this.end + text.length);
  }

  /** Gives up everything from an offset on, if the offset lies inside. */
  endAt(offset: number): void {
    if (offset <= this.start || this.end <= offset) return;
    const length = offset - this.start;
    this.#text = this.#text.slice(0, length);
    this.#tokens = this.#tokens.filter(({ end }) => end <= length);
    this.#span = new TrackedSpan(this.start, offset);
  }

  follow(changes: readonly TextChange[]): void {
    for (const change of changes) {
      this.endAt(change.rangeOffset);
      this.#span.apply([change]);
    }
  }

  /** What was generated at an offset of the document, with its range there. */
  tokensAt(offset: number): PlacedTokens | null {
    const at = offset - this.start;
    const found = this.#tokens.find(({ start, end }) => start <= at && at < end);
    return found ? moved([found], this.start)[0]! : null;
  }
}

function moved(tokens: readonly PlacedTokens[], by: number): PlacedTokens[] {
  return tokens.map((placed) => ({ ...placed, start: placed.start + by, end: placed.end + by }));
}

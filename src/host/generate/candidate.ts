import type { GeneratedPiece } from '../../protocol/engine.ts';
import type { GeneratedSequence, GeneratedToken } from '../../protocol/results.ts';
import { generatedRanges } from '../../text/generatedRanges.ts';

/** What was generated of a UTF-16 range, which is never empty: several tokens where a character came in pieces. */
export interface PlacedTokens {
  start: number;
  end: number;
  tokens: GeneratedToken[];
}

/** One continuation as it comes, written with the ends of line of its document. */
export class Candidate {
  readonly #lineEnd: string;
  #raw = '';
  #text = '';
  #tokens: GeneratedToken[] = [];

  /** @param lineEnd of the document: `\n` or `\r\n` */
  constructor(lineEnd: string) {
    this.#lineEnd = lineEnd;
  }

  /** What is known of it so far; it may be nothing. */
  get text(): string {
    return this.#text;
  }

  push({ token, text }: Pick<GeneratedPiece, 'token' | 'text'>): void {
    this.#tokens.push(token);
    this.#setText(this.#raw + text);
  }

  /** Replaces what has come so far by the whole sequence. */
  finish({ text, tokens }: GeneratedSequence): void {
    this.#tokens = tokens;
    this.#setText(text);
  }

  /** The tokens with their ranges in {@link text}; none if their texts do not add up to it. */
  placedTokens(): PlacedTokens[] {
    const texts = this.#tokens.map(({ text }) => text);
    const ranges = generatedRanges(this.#raw, texts) ?? [];
    const written = writtenOffsets(this.#raw, this.#lineEnd);
    const placed: PlacedTokens[] = [];
    for (const [i, token] of this.#tokens.slice(0, ranges.length).entries()) {
      const range = ranges[i]!;
      const [start, end] = [written[range.start]!, written[range.end]!];
      if (start < end) placed.push({ start, end, tokens: [token] });
      // Only goes on with a character; the second half of an end of line that is written as one character is no part of it.
      else if (range.start === range.end) placed.at(-1)?.tokens.push(token);
    }
    return placed;
  }

  #setText(raw: string): void {
    this.#raw = raw;
    this.#text = withLineEnds(raw, this.#lineEnd);
  }
}

/** As the editor writes it: a document has one kind of line end. */
function withLineEnds(text: string, lineEnd: string): string {
  return text.replace(/\r\n|\r|\n/g, lineEnd);
}

/** By offset of a text: how long what stands in front of it is {@link withLineEnds}. */
function writtenOffsets(text: string, lineEnd: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  for (let at = 0; at < text.length; at++) {
    const isSecondHalf = text[at] === '\n' && text[at - 1] === '\r';
    const isLineEnd = text[at] === '\n' || text[at] === '\r';
    offsets[at + 1] = offsets[at]! + (isSecondHalf ? 0 : isLineEnd ? lineEnd.length : 1);
  }
  return offsets;
}

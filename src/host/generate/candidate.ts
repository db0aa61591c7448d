import type { GeneratedPiece } from '../../protocol/engine.ts';
import type { GeneratedSequence, GeneratedToken } from '../../protocol/results.ts';
import { generatedRanges } from '../../text/generatedRanges.ts';

/** A generated token at a UTF-16 range, which is never empty. */
export interface PlacedToken {
  start: number;
  end: number;
  token: GeneratedToken;
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

  /** Takes the whole sequence in place of what has come of it. */
  finish({ text, tokens }: GeneratedSequence): void {
    this.#tokens = tokens;
    this.#setText(text);
  }

  /** The tokens at their ranges of {@link text}; none when they do not make it. */
  placedTokens(): PlacedToken[] {
    const texts = this.#tokens.map(({ text }) => text);
    const ranges = generatedRanges(this.#raw, texts) ?? [];
    const written = writtenOffsets(this.#raw, this.#lineEnd);
    return ranges
      .map(({ start, end }, i) => ({ start: written[start]!, end: written[end]!, token: this.#tokens[i]! }))
      .filter(({ start, end }) => start < end);
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

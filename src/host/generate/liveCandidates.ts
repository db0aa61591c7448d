import type { GeneratedPiece } from '../../protocol/engine.ts';
import type { GeneratedSequence } from '../../protocol/results.ts';
import type { TextChange } from '../text/trackedSpan.ts';
import { Candidate, type PlacedTokens } from './candidate.ts';

/** What of a candidate is not in the text yet. */
export interface Rest {
  candidate: Candidate;
  text: string;
}

/**
 * What an edit means to the candidates: `taken` of their text stands in the document now; `left`: the person writes
 * something else where they are offered; `elsewhere`: the text has changed at some other place.
 */
export type Consequence =
  | { kind: 'taken'; at: number; text: string; tokens: PlacedTokens[] }
  | { kind: 'left' | 'elsewhere' };

/** Candidates offered at a place of a document, and how much of them has been taken there so far. */
export class LiveCandidates {
  readonly #anchor: number;
  readonly #lineEnd: string;
  /** By sequence. */
  readonly #candidates: Candidate[] = [];
  /** How much of each is offered. It may have grown since. */
  #offered: string[] = [];
  #taken = '';

  /** @param anchor UTF-16 offset of the document that they begin at */
  constructor(anchor: number, lineEnd: string) {
    this.#anchor = anchor;
    this.#lineEnd = lineEnd;
  }

  /** Where what is left of them is offered: the cursor stands there as long as it follows them. */
  get position(): number {
    return this.#anchor + this.#taken.length;
  }

  push(piece: GeneratedPiece): void {
    this.#of(piece.sequence).push(piece);
  }

  finish(sequences: readonly GeneratedSequence[]): void {
    for (const [index, sequence] of sequences.entries()) this.#of(index).finish(sequence);
  }

  /** From now on all that has come is offered, and what comes later is not: VS Code would list it as another one. */
  offer(): void {
    this.#offered = this.#candidates.map(({ text }) => text);
  }

  /**
   * What of the offer can still be taken: each text once, in the order of the sequences, and nothing empty.
   * @param shown of equal ones it is this one, and not the first
   * @param isLineStart VS Code takes whole lines at the start of a line for lines after the one before, where the
   *   cursor is not, and does not show them. So they come without their last line ends there.
   */
  rests(shown: Candidate | null, isLineStart: boolean): Rest[] {
    const rests = new Map<string, Rest>();
    for (const [index, offered] of this.#offered.entries()) {
      const candidate = this.#candidates[index]!;
      const rest = offered?.startsWith(this.#taken) ? offered.slice(this.#taken.length) : '';
      const text = isLineStart && !/^[\r\n]/.test(rest) ? rest.replace(/[\r\n]+$/, '') : rest;
      if (text !== '' && (!rests.has(text) || candidate === shown)) rests.set(text, { candidate, text });
    }
    return [...rests.values()];
  }

  /**
   * Follows the changes of one event, in which more of a candidate may be taken or, by an undo, less.
   * @param shown the candidate that is shown, whose tokens they are if others begin like it
   */
  follow(changes: readonly TextChange[], shown: Candidate | null): Consequence {
    const { position } = this;
    const touches = ({ rangeOffset, rangeLength }: TextChange) =>
      rangeOffset <= position && position <= rangeOffset + rangeLength;
    if (!changes.some(touches)) return { kind: 'elsewhere' };
    const [change] = changes as [TextChange];
    const from = change.rangeOffset - this.#anchor;
    if (changes.length > 1 || from < 0 || change.rangeOffset + change.rangeLength !== position) {
      return { kind: 'left' };
    }
    const taken = this.#taken.slice(0, from) + change.text;
    const matching = this.#candidates.filter((candidate) => candidate?.text.startsWith(taken));
    const source = matching.find((candidate) => candidate === shown) ?? matching[0];
    if (!source) return { kind: 'left' };
    this.#taken = taken;
    const tokens = source
      .placedTokens()
      .filter(({ end }) => from < end && end <= taken.length)
      .map((placed) => ({ ...placed, start: this.#anchor + placed.start, end: this.#anchor + placed.end }));
    return { kind: 'taken', at: change.rangeOffset, text: change.text, tokens };
  }

  #of(sequence: number): Candidate {
    this.#candidates[sequence] ??= new Candidate(this.#lineEnd);
    return this.#candidates[sequence];
  }
}

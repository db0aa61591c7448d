/** Where a text that comes in pieces ends: before the first stop text in it, which may be split over pieces. */
export class StopTexts {
  readonly #stops: readonly string[];
  /** The end of the text that may be the beginning of a stop text. */
  #held = '';
  #isFound = false;

  /** @param stops none of them empty */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Whether the text has ended. */
  get isFound(): boolean {
    return this.#isFound;
  }

  /** Goes on with a piece. @returns what is certain now to be part of the text, after what was before */
  add(piece: string): string {
    const pending = this.#held + piece;
    const found = this.#stops.map((stop) => pending.indexOf(stop)).filter((at) => at >= 0);
    this.#isFound = found.length > 0;
    const certain = this.#isFound ? Math.min(...found) : pending.length - this.#begun(pending);
    this.#held = this.#isFound ? '' : pending.slice(certain);
    return pending.slice(0, certain);
  }

  /** @returns what was held back, when nothing more comes */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /** How long the longest end of the text is that a stop text begins with. */
  #begun(pending: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, pending.length); length > longest; length--) {
        if (pending.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

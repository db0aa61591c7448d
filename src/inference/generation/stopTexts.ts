/** Finds where a text that comes in pieces ends: before its first stop text, which may be split over pieces. */
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

  /** Adds a piece. @returns what has become certain to belong to the text */
  add(piece: string): string {
    const pending = this.#held + piece;
    const found = this.#stops.map((stop) => pending.indexOf(stop)).filter((at) => at >= 0);
    this.#isFound = found.length > 0;
    const certain = this.#isFound ? Math.min(...found) : pending.length - this.#begun(pending);
    this.#held = this.#isFound ? '' : pending.slice(certain);
    return pending.slice(0, certain);
  }

  /** Ends the text. @returns what was held back */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /** Length of the longest end of the text with which some stop text begins. */
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

/** Whose slice is next, where several runs share the thread. */

/** What a person has in front of them meanwhile; the lower number goes first. */
export const ranks = {
  /** Nothing, and the answer is short, or its first picture is. */
  waiting: 0,
  /** A text that can be read on, hovers aside. */
  reading: 1,
  /** Something already, which fills in or becomes more exact. */
  fillingIn: 2,
} as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** A run that has shown nothing for so long goes no further ahead: some answers have no first picture. */
const longestAhead = 2000;

export class Precedence {
  readonly #ranks = new Map<Place, Rank>();
  #onChange: (() => void)[] = [];

  /** Gives `work` a place among the runs until it ends. Those of one rank take turns. */
  async hold<R>(rank: Rank, work: (place: Place) => Promise<R>): Promise<R> {
    const place: Place = {
      fallBack: () => this.#move(place, ranks.fillingIn),
      isOvertaken: () => {
        const own = this.#ranks.get(place);
        return own !== undefined && [...this.#ranks.values()].some((other) => other < own);
      },
      change: () => new Promise((resolve) => this.#onChange.push(resolve)),
    };
    this.#ranks.set(place, rank);
    const timer = setTimeout(place.fallBack, longestAhead);
    try {
      return await work(place);
    } finally {
      clearTimeout(timer);
      this.#ranks.delete(place);
      this.#wake();
    }
  }

  #move(place: Place, rank: Rank): void {
    if (this.#ranks.get(place) === rank) return;
    this.#ranks.set(place, rank);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#onChange;
    this.#onChange = [];
    for (const resolve of waiting) resolve();
  }
}

export interface Place {
  /** To be called when there is something to see. */
  fallBack(): void;
  /** Whether a run that goes first is at work. */
  isOvertaken(): boolean;
  /** Resolves when the others' places have changed. */
  change(): Promise<void>;
}

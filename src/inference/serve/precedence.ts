/** Decides which of several runs gets the thread for its next slice. */
import { type Rank, ranks } from '../../protocol/verbs.ts';
import type { Place } from '../run.ts';

/**
 * Milliseconds after which a run that has shown nothing yet loses its precedence. Some answers have no first picture.
 */
const longestAhead = 2000;

const goesBefore = (one: Rank, other: Rank) => ranks.indexOf(one) < ranks.indexOf(other);

export class Precedence {
  readonly #ranks = new Map<Place, Rank>();
  #onChange: (() => void)[] = [];

  /** Ranks `work` among the runs until it ends. Runs of one rank take turns. */
  async hold<R>(rank: Rank, work: (place: Held) => Promise<R>): Promise<R> {
    const place: Held = {
      fallBack: () => {
        if (goesBefore(rank, 'filling-in')) this.#move(place, 'filling-in');
      },
      isOvertaken: () => {
        const own = this.#ranks.get(place);
        return own !== undefined && [...this.#ranks.values()].some((other) => goesBefore(other, own));
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

export interface Held extends Place {
  /** To be called when the run has shown something: others go first then. */
  fallBack(): void;
}

/** Whose slice is next, where several runs share the thread. */
import { type Rank, ranks } from '../../protocol/verbs.ts';
import type { Place } from '../run.ts';

/** A run that has shown nothing for so long goes no further ahead: some answers have no first picture. */
const longestAhead = 2000;

const goesBefore = (one: Rank, other: Rank) => ranks.indexOf(one) < ranks.indexOf(other);

export class Precedence {
  readonly #ranks = new Map<Place, Rank>();
  #onChange: (() => void)[] = [];

  /** Gives `work` a place among the runs until it ends. Those of one rank take turns. */
  async hold<R>(rank: Rank, work: (place: Held) => Promise<R>): Promise<R> {
    const place: Held = {
      fallBack: () => this.#move(place, 'filling-in'),
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
  /** To be called when there is something to see. */
  fallBack(): void;
}

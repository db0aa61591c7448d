/**
 * The cooperative game that methods of masks play: its players are tokens or groups of tokens, and a coalition's value is
 * f without the tokens of all other players.
 */
import { exactPlayers, type Removal } from '../../protocol/methods.ts';
import type { FunctionWith, Remainder, TokenSet } from './method.ts';

/** Indices of players that are removed, in any order. */
export type Absent = readonly number[];

export interface GameOptions {
  removal: Removal;
  seed: number;
}

/** Sequences of seeds that begin at neighbouring seeds have no seed in common. */
const seedStep = 0x9e3779b1;

export class Game {
  readonly players: readonly TokenSet[];
  readonly #f: FunctionWith<'without'>;
  readonly #options: GameOptions;
  readonly #known = new Map<string, Remainder>();

  constructor(f: FunctionWith<'without'>, players: readonly TokenSet[], options: GameOptions) {
    this.#f = f;
    this.players = players;
    this.#options = options;
  }

  /** Everybody. */
  get all(): number[] {
    return Array.from(this.players, (_, player) => player);
  }

  /** Whether a coalition's value is itself a mean over drawn texts. */
  get draws(): boolean {
    return this.#options.removal === 'refill';
  }

  /**
   * Ask for many in one call: they are evaluated together. What was asked before is known, if there are few players.
   * @param draw where the removal draws texts, which ones: other draws are independent
   */
  async values(sets: readonly Absent[], draw = 0): Promise<Remainder[]> {
    const keyed = sets.map((set) => {
      const sorted = set.toSorted((a, b) => a - b);
      return { sorted, key: `${this.draws ? draw : 0}:${sorted}` };
    });
    const missing = new Map(
      keyed.filter(({ key }) => !this.#known.has(key)).map(({ key, sorted }) => [key, sorted]),
    );
    const found = await this.#evaluate([...missing.values()], draw);
    const fresh = new Map([...missing.keys()].map((key, at) => [key, found[at] as Remainder]));
    const values = keyed.map(({ key }) => (this.#known.get(key) ?? fresh.get(key)) as Remainder);
    for (const { key, sorted } of keyed) {
      const isEnd = sorted.length === 0 || sorted.length === this.players.length;
      if (isEnd || this.players.length <= exactPlayers.most)
        this.#known.set(key, (this.#known.get(key) ?? fresh.get(key)) as Remainder);
    }
    return values;
  }

  async #evaluate(sets: readonly Absent[], draw: number): Promise<Remainder[]> {
    if (sets.length === 0) return [];
    const { removal, seed } = this.#options;
    const own = (seed + draw * seedStep) % Number.MAX_SAFE_INTEGER;
    const tokens = sets.map((set) => set.flatMap((player) => this.players[player] as TokenSet));
    return this.#f.without(tokens, { removal, seed: own });
  }
}

export const tokensAsPlayers = (count: number): TokenSet[] =>
  Array.from({ length: count }, (_, token) => [token]);

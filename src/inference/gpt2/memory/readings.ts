/** Token sequences that were read and may be read on: the tokens that two requests share are read once. */
import type { Network } from '../network.ts';
import { Sequence } from '../sequence.ts';

/** Of keys and values that are kept while nobody works with them: 650 tokens at 124M parameters. */
const mostBytesKept = 48_000_000;

/**
 * A kept sequence is taken over for another text only if it shares at least this part of its tokens. Otherwise it stays
 * with the text that it was read for.
 */
const leastPart = 1 / 8;

export class Readings {
  readonly #network: Network;
  readonly #mostBytes: number;
  /** The least recently used first. */
  #kept: Sequence[] = [];

  constructor(network: Network, mostBytes = mostBytesKept) {
    this.#network = network;
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are held by the sequences that nobody works with. */
  get bytes(): number {
    return this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Lends `work` the sequence that shares most of the first `ids`, or a new one; nobody else gets it meanwhile. What
   * has been read is kept, also if `work` fails or is cancelled.
   * @param firstNeeded the index of the first id whose residual is needed: ids from there on are read again
   */
  async use<R>(
    ids: readonly number[],
    firstNeeded: number,
    work: (sequence: Sequence) => Promise<R>,
  ): Promise<R> {
    const sequence = this.#take(ids);
    sequence.resume(ids, firstNeeded);
    try {
      return await work(sequence);
    } finally {
      sequence.recall();
      if (sequence.length > 0) this.#keep(sequence);
    }
  }

  #take(ids: readonly number[]): Sequence {
    let [best, longest] = [new Sequence(this.#network), 0];
    for (const sequence of this.#kept) {
      const shared = sequence.sharedWith(ids);
      if (shared >= Math.max(1, longest, leastPart * sequence.length)) [best, longest] = [sequence, shared];
    }
    this.#kept = this.#kept.filter((sequence) => sequence !== best);
    return best;
  }

  #keep(sequence: Sequence): void {
    const newest = this.#kept.find((other) => covers(other, sequence)) ?? sequence;
    const others = [...this.#kept, sequence].filter((other) => other !== newest);
    for (const other of others) if (covers(newest, other)) other.trim(0);
    this.#kept = [...others.filter(({ length }) => length > 0), newest];
    while (this.bytes > this.#mostBytes && this.#kept.length > 1) this.#kept.shift()?.trim(0);
    if (this.bytes > this.#mostBytes) newest.trim(Math.floor(this.#mostBytes / newest.cache.bytesPerStep));
  }
}

/** Whether `whole` begins with all of `part`. */
function covers(whole: Sequence, part: Sequence): boolean {
  return whole.sharedWith(part.ids) === part.length;
}

/** Token sequences that were read and may be read on: what two requests on one text have in common is read once. */
import type { Network } from '../network.ts';
import { Sequence } from '../sequence.ts';

/** Of keys and values that are kept while nobody works with them: 650 tokens at 124M parameters. */
const mostBytesKept = 48_000_000;

/** A sequence is left to the text that it was read for unless this part of it can be used. */
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
   * Lends the sequence that has most of the first of `ids` in common, or a new one, to `work` alone, and keeps what
   * has been read when it is done, failed or cancelled.
   * @param firstNeeded the index of the first id that has to be read, again where it has been: its residual is needed
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

/** Whether all of `part` is the beginning of `whole`, or the whole itself. */
function covers(whole: Sequence, part: Sequence): boolean {
  return whole.sharedWith(part.ids) === part.length;
}

/** Byte-pair merging of very long words, such as a megabyte without a space. */
import { byteToCharacter } from './byteAlphabet.ts';
import { MinHeap } from './minHeap.ts';
import type { BpeVocabulary } from './vocabulary.ts';

/** Larger than any word's length in bytes: so rank × this + position sorts by rank, then from left to right. */
const positions = 2 ** 31;

/**
 * Does the library's merges in typed arrays, without an object per byte: n bytes take O(n log n) time and 28 n bytes of
 * memory. The library needs hundreds of bytes for each.
 */
export class LongWordMerger {
  readonly #byteIds: Int32Array;
  /** By left id, then by right id. */
  readonly #ranks: (Map<number, number> | undefined)[] = [];
  /** By rank: the id of the merged token. */
  readonly #made: Int32Array;

  constructor({ spelled, merges }: BpeVocabulary) {
    this.#byteIds = Int32Array.from(byteToCharacter, (character) => spelled.get(character)!);
    this.#made = Int32Array.from(merges, ([left, right]) => spelled.get(left + right)!);
    merges.forEach(([left, right], rank) => {
      const id = spelled.get(left)!;
      this.#ranks[id] ??= new Map();
      this.#ranks[id].set(spelled.get(right)!, rank);
    });
  }

  /** Ids of the tokens of one word. */
  merge(bytes: Uint8Array): Int32Array {
    const count = bytes.length;
    // A doubly linked list: position i holds the token that begins at byte i, −1 once merged into the one before.
    const ids = new Int32Array(count);
    const next = new Int32Array(count);
    const previous = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      ids[i] = this.#byteIds[bytes[i]!]!;
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    const rankAt = (i: number): number => {
      const right = next[i]!;
      return right < count ? (this.#ranks[ids[i]!]?.get(ids[right]!) ?? -1) : -1;
    };
    const waiting = new Float64Array(count);
    let size = 0;
    for (let i = 0; i < count; i++) {
      const rank = rankAt(i);
      if (rank >= 0) waiting[size++] = rank * positions + i;
    }
    // Each of at most count − 1 merges takes one item and adds at most two.
    const heap = new MinHeap(waiting.subarray(0, size), size + count);
    while (heap.size > 0) {
      const item = heap.pop();
      const rank = Math.floor(item / positions);
      const i = item - rank * positions;
      // Another merge has changed this pair.
      if (ids[i] === -1 || rankAt(i) !== rank) continue;
      const gone = next[i]!;
      const after = next[gone]!;
      ids[i] = this.#made[rank]!;
      ids[gone] = -1;
      next[i] = after;
      if (after < count) previous[after] = i;
      const right = rankAt(i);
      if (right >= 0) heap.push(right * positions + i);
      const before = previous[i]!;
      const left = before >= 0 ? rankAt(before) : -1;
      if (left >= 0) heap.push(left * positions + before);
    }
    return ids.filter((id) => id !== -1);
  }
}

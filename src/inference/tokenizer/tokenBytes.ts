/** The bytes of every token in one array: 50,000 arrays would be 5 MB of objects. */
import { writeSpelled } from './byteAlphabet.ts';
import type { BpeVocabulary } from './vocabulary.ts';

export class TokenBytes {
  readonly #data: Uint8Array;
  /** By id: where the token's bytes end, and those of the next token begin. */
  readonly #ends: Uint32Array;

  /** @param size number of ids; special and unused ones have no bytes */
  constructor({ spelled, added }: BpeVocabulary, size: number) {
    this.#ends = new Uint32Array(size);
    for (const [token, id] of spelled) this.#ends[id] = token.length;
    for (const [text, id] of added) this.#ends[id] = Buffer.byteLength(text);
    let end = 0;
    for (let id = 0; id < size; id++) this.#ends[id] = end += this.#ends[id]!;
    this.#data = new Uint8Array(end);
    for (const [token, id] of spelled)
      if (!added.has(token)) writeSpelled(token, this.#data, this.#begin(id));
    for (const [text, id] of added) this.#data.set(Buffer.from(text), this.#begin(id));
  }

  /** A view of the token's bytes, not a copy. */
  of(id: number): Uint8Array {
    return this.#data.subarray(this.#begin(id), this.#ends[id]);
  }

  lengthOf(id: number): number {
    return this.#ends[id]! - this.#begin(id);
  }

  #begin(id: number): number {
    return id === 0 ? 0 : this.#ends[id - 1]!;
  }
}

/** Removes tokens from a text that was read, and tokenises the rest again. */
import type { Gpt2Tokenizer } from '../tokens.ts';
import type { Surroundings } from './removal/operator.ts';

/**
 * Only whole characters can be removed: removing any token of a character removes all of it. The rest is tokenised
 * together with the surrounding text, as the text itself was, so that nothing else changes. If a token then reaches
 * over an end of what was read, as when the edit joins words on both sides, what was read is tokenised by itself.
 * Tokens of a character of which only a part is read are kept.
 */
export class RetokenizedText {
  readonly #tokenizer: Gpt2Tokenizer;
  readonly #ids: readonly number[];
  /** Where each of the tokens from `#lead` to `#end` begins, in bytes. Together these tokens are whole characters. */
  readonly #starts: number[] = [];
  readonly #bytes: Uint8Array;
  /** Tokens before `#lead` and from `#end` on are kept. */
  readonly #lead: number;
  readonly #end: number;
  /** The text is tokenised together with these. */
  readonly #around: Surroundings;

  constructor(tokenizer: Gpt2Tokenizer, ids: readonly number[], surroundings: Surroundings) {
    this.#tokenizer = tokenizer;
    this.#ids = ids;
    const bytes = ids.map((id) => tokenizer.bytesOf(id));
    const whole = Buffer.concat(bytes);
    let at = 0;
    const starts = [...bytes, new Uint8Array(0)].map(({ length }) => {
      at += length;
      return at - length;
    });
    const isBorder = starts.map((start) => isBetweenCharacters(whole, start));
    // BOS and other tokens without text are not part of the text.
    const begin = bytes.findIndex(({ length }, token) => length > 0 && isBorder[token]);
    this.#lead = begin < 0 ? ids.length : begin;
    this.#end = Math.max(this.#lead, isBorder.lastIndexOf(true));
    const from = starts[this.#lead] as number;
    this.#bytes = whole.subarray(from, starts[this.#end]);
    this.#starts = starts.slice(this.#lead, this.#end + 1).map((start) => start - from);
    const nothing = { before: '', after: '' };
    const isAlone = sameIds(this.#tokenize(this.#bytes, nothing) ?? [], ids.slice(this.#lead, this.#end));
    this.#around = isAlone ? nothing : surroundings;
  }

  /**
   * @param places in the ids, ascending
   * @returns the ids of what is left; `<|endoftext|>` if nothing is, since something has to predict
   */
  without(places: readonly number[]): readonly number[] {
    const removed = new Set(places);
    const kept = (first: number, end: number) =>
      this.#ids.slice(first, end).filter((_, index) => !removed.has(first + index));
    const inside = places.filter((place) => place >= this.#lead && place < this.#end);
    const middle = inside.length > 0 ? this.#retokenize(inside) : this.#ids.slice(this.#lead, this.#end);
    const left = [...kept(0, this.#lead), ...middle, ...kept(this.#end, this.#ids.length)];
    return left.length > 0 ? left : [this.#tokenizer.endOfText];
  }

  #retokenize(places: readonly number[]): readonly number[] {
    const gone = new Uint8Array(this.#bytes.length);
    for (const place of places) {
      const [start, end] = this.#charactersOf(place - this.#lead);
      gone.fill(1, start, end);
    }
    const left = this.#bytes.filter((_, at) => !gone[at]);
    return (
      this.#tokenize(left, this.#around) ?? (this.#tokenize(left, { before: '', after: '' }) as number[])
    );
  }

  /** The bytes of all characters of which a token has a part. */
  #charactersOf(token: number): [start: number, end: number] {
    let [start, end] = [this.#starts[token] as number, this.#starts[token + 1] as number];
    while (!isBetweenCharacters(this.#bytes, start)) start--;
    while (!isBetweenCharacters(this.#bytes, end)) end++;
    return [start, end];
  }

  /** null if a token reaches over an end of the text. */
  #tokenize(bytes: Uint8Array, { before, after }: Surroundings): number[] | null {
    const text = Buffer.from(bytes).toString('utf8');
    const tokens = this.#tokenizer.encode(before + text + after);
    const [from, to] = [before.length, before.length + text.length];
    // A token that only goes on with a character has an empty range.
    const first = tokens.findIndex(({ start, end }) => start >= from && end > start);
    const isCut = (at: number) => tokens.some(({ start, end }) => start < at && at < end);
    if (isCut(from) || isCut(to)) return null;
    if (text === '' || first < 0) return [];
    const end = tokens.findIndex(({ start, end }) => start >= to && end > start);
    return tokens.slice(first, end < 0 ? tokens.length : end).map(({ id }) => id);
  }
}

/** Whether the byte there does not continue a character. */
function isBetweenCharacters(bytes: Uint8Array, at: number): boolean {
  if (at < bytes.length) return (bytes[at] as number) >> 6 !== 0b10;
  // The end: the last character has all its bytes.
  let start = at - 1;
  while (start >= 0 && (bytes[start] as number) >> 6 === 0b10) start--;
  if (start < 0) return at === 0;
  const lead = bytes[start] as number;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return at - start === length;
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

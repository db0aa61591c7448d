/** A text that was read, without some of its tokens and tokenised again. */
import type { Gpt2Tokenizer } from '../tokens.ts';
import type { Surroundings } from './removal/operator.ts';

/**
 * Only whole characters can be left out of a text: one goes with any of its tokens. The rest is tokenised as the text was,
 * with what stands around it, so that nothing changes but for the edit; where that does not put a border of two tokens in
 * front of the prediction, as where the edit makes a word of what stands on both sides, what was read is tokenised by
 * itself. Tokens of a character that is not read as a whole stay as they are.
 */
export class RetokenizedText {
  readonly #tokenizer: Gpt2Tokenizer;
  readonly #ids: readonly number[];
  /** Of the tokens from `#lead` to `#end`, which are whole characters together: where each begins, in bytes. */
  readonly #starts: number[] = [];
  readonly #bytes: Uint8Array;
  /** Tokens in front of them and behind them are kept as they are. */
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
    // BOS and other tokens without text do not belong to it.
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
   * @returns the ids of what is left, at least one: `<|endoftext|>` where nothing would be, since nothing can be predicted
   * from nothing
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

  /** The bytes of the characters that a token has some of. */
  #charactersOf(token: number): [start: number, end: number] {
    let [start, end] = [this.#starts[token] as number, this.#starts[token + 1] as number];
    while (!isBetweenCharacters(this.#bytes, start)) start--;
    while (!isBetweenCharacters(this.#bytes, end)) end++;
    return [start, end];
  }

  /** null where no tokens begin and end with the text. */
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

/** Whether no character goes on at that byte. */
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

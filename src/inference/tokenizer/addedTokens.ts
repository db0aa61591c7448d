/** Finds added tokens in a text. */

/**
 * Of tokens that overlap, the leftmost one counts, and of those that begin at the same place the longest, as in Hugging
 * Face's tokenizers. One pattern of all tokens would do the same, but a checkpoint can have more of them than a pattern
 * can hold.
 */
export class AddedTokens {
  /** By their first code point, the longest first. */
  readonly #beginningWith = new Map<string, string[]>();
  /** Finds where a token may begin. */
  readonly #beginnings: RegExp | null;

  /** @param tokens well-formed, none of them empty */
  constructor(tokens: Iterable<string>) {
    for (const token of tokens) {
      const first = String.fromCodePoint(token.codePointAt(0)!);
      const others = this.#beginningWith.get(first);
      if (others) others.push(token);
      else this.#beginningWith.set(first, [token]);
    }
    for (const some of this.#beginningWith.values()) some.sort((a, b) => b.length - a.length);
    const firsts = [...this.#beginningWith.keys()].map(
      (first) => `\\u{${first.codePointAt(0)!.toString(16)}}`,
    );
    this.#beginnings = firsts.length > 0 ? new RegExp(`[${firsts.join('')}]`, 'gu') : null;
  }

  /** The text cut at its added tokens: those, and what is between them. Together they are the text. */
  *pieces(text: string): Generator<{ text: string; isAdded: boolean }> {
    let done = 0;
    for (const { 0: first, index } of this.#beginnings ? text.matchAll(this.#beginnings) : []) {
      if (index < done) continue;
      const token = this.#beginningWith.get(first)!.find((one) => text.startsWith(one, index));
      if (token === undefined) continue;
      if (index > done) yield { text: text.slice(done, index), isAdded: false };
      yield { text: token, isAdded: true };
      done = index + token.length;
    }
    if (done < text.length) yield { text: text.slice(done), isAdded: false };
  }
}

/** From tokens' bytes to ranges of the text. */

/**
 * The UTF-16 ranges of consecutive tokens whose bytes, put together, are the UTF-8 of `text`: a character (code point;
 * a lone surrogate counts as one of three bytes) belongs to the token that has its first byte. The ranges tile the
 * text; a token that only continues a character is empty and stands after that character.
 *
 * @param lengths bytes of each token
 * @throws RangeError when the tokens have more or fewer bytes than the text
 */
export function tokenRanges(text: string, lengths: readonly number[]): { start: number; end: number }[] {
  let unit = 0;
  /** Where the character at `unit` begins in the UTF-8. */
  let byte = 0;
  let tokenEnd = 0;
  const ranges = lengths.map((length) => {
    const start = unit;
    tokenEnd += length;
    while (byte < tokenEnd && unit < text.length) {
      const point = text.codePointAt(unit)!;
      byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      unit += point < 0x10000 ? 1 : 2;
    }
    return { start, end: unit };
  });
  if (unit !== text.length || byte !== tokenEnd) {
    throw new RangeError(`the tokens have ${tokenEnd} bytes, which are not those of the text`);
  }
  return ranges;
}

/**
 * GPT-2's byte alphabet: byte-level BPE spells every byte as one printable character.
 *
 * Source: `bytes_to_unicode` in OpenAI's gpt-2 (`encoder.py`): the bytes 33–126, 161–172 and 174–255 stand for
 * themselves as code points, the 68 others become U+0100 and upward in ascending order.
 */

/** 256 entries: the character that spells byte `b`. */
export const byteToCharacter: readonly string[] = alphabet();

export const characterToByte: ReadonlyMap<string, number> = new Map(
  byteToCharacter.map((character, byte) => [character, byte]),
);

function alphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/**
 * GPT-2's byte alphabet: byte-level BPE spells every byte as one printable character.
 *
 * Source: `bytes_to_unicode` in OpenAI's gpt-2 (`encoder.py`): the bytes 33–126, 161–172 and 174–255 stand for
 * themselves as code points, the 68 others become U+0100 and upward in ascending order.
 */

/** 256 entries: the character that spells byte `b`. */
export const byteToCharacter: readonly string[] = alphabet();

/** By UTF-16 code unit: the byte that the character spells, −1 where it spells none. */
const byteOfUnit = new Int16Array(0x200).fill(-1);
for (const [byte, character] of byteToCharacter.entries()) byteOfUnit[character.charCodeAt(0)] = byte;

/** Whether the token has only characters of the alphabet. */
export function isSpelled(token: string): boolean {
  for (let i = 0; i < token.length; i++) if ((byteOfUnit[token.charCodeAt(i)] ?? -1) < 0) return false;
  return token.length > 0;
}

/** Writes the bytes that a token spells, one for each of its characters. */
export function writeSpelled(token: string, to: Uint8Array, offset: number): void {
  for (let i = 0; i < token.length; i++) to[offset + i] = byteOfUnit[token.charCodeAt(i)] as number;
}

function alphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(printable ? byte : next++);
  });
}

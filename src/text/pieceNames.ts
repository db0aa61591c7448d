/**
 * Names of tokens whose bytes are not text by themselves: GPT-2's tokens are bytes, and a character may be split over
 * several.
 */

import type { ShownToken } from '../protocol/results.ts';

/** A token in its place in a text. */
export interface PlacedPiece {
  /** How many bytes it has. */
  bytes: number;
  /** UTF-16 range of the characters that begin in it: see TokenSpan in src/protocol/results.ts. */
  start: number;
  end: number;
}

/** A token by its text. Where that has U+FFFD for bytes that are no character, `name` says which they are. */
export interface NamedToken {
  text: string;
  name?: string | undefined;
}

/**
 * For showing a token, never for finding or inserting it: `name` does not occur in a document. It is not made safe to
 * show.
 */
export function tokenName({ text, name }: NamedToken): string {
  return name ?? text;
}

/** Only those parts of a token that are needed to show it. */
export function shownToken({ id, text, name }: ShownToken): ShownToken {
  return { id, text, ...(name !== undefined && { name }) };
}

/** Keeps what is text, and writes other bytes in hexadecimal: ` ‹E5 9B›`. Null if all of it is text. */
export function nameOfBytes(bytes: Uint8Array): string | null {
  let name = '';
  let loose: string[] = [];
  const close = () => {
    if (loose.length > 0) name += `‹${loose.join(' ')}›`;
    loose = [];
  };
  let isText = true;
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    if (character === null) {
      isText = false;
      loose.push(bytes[at]!.toString(16).toUpperCase().padStart(2, '0'));
      at++;
      continue;
    }
    close();
    name += character;
    at += utf8Length(character.codePointAt(0)!);
  }
  close();
  return isText ? null : name;
}

/**
 * Names of consecutive tokens that are in a text's characters together, by the characters and which part of them each
 * token is: `国 1/3`; ` 国 1/3` with the space in front; `国 3/3 · 你 1/2` where it ends one and begins the next.
 *
 * @param tokens they begin and end with whole characters, which are text.slice(tokens[0].start, tokens.at(-1).end)
 * @returns null for those that are whole characters
 */
export function namesInText(text: string, tokens: readonly PlacedPiece[]): (string | null)[] {
  const characters = [...text.slice(tokens[0]?.start, tokens.at(-1)?.end)];
  const parts: Part[][] = tokens.map(() => []);
  let [token, left] = [0, tokens[0]?.bytes ?? 0];
  for (const character of characters) {
    const holders: number[] = [];
    for (let rest = utf8Length(character.codePointAt(0)!); rest > 0 && token < tokens.length; ) {
      if (left === 0) {
        token++;
        left = tokens[token]?.bytes ?? 0;
        continue;
      }
      holders.push(token);
      const taken = Math.min(rest, left);
      rest -= taken;
      left -= taken;
    }
    for (const [place, holder] of holders.entries()) {
      parts[holder]!.push({ character, place: place + 1, of: holders.length });
    }
  }
  return parts.map(nameOfParts);
}

/** Whether a token of a text begins inside of a character: by its first byte, as texts are UTF-8. */
export function isInside(bytes: Uint8Array): boolean {
  return (bytes[0]! & 0xc0) === 0x80;
}

/** What of its text a token shows: the characters that begin in it. */
export interface StripPiece extends NamedToken {
  inside?: true | undefined;
  /** Where it has a name. */
  begun?: string | undefined;
}

/** The text of tokens, with what has been read of a character that goes on in `after`: `我在 · 国 1/3`. */
export function textBefore(tokens: readonly StripPiece[], after: StripPiece | undefined): string {
  const text = tokens.map(({ text, begun }) => begun ?? text).join('');
  const last = tokens.at(-1);
  if (!after?.inside || last?.name === undefined) return text;
  const whole = [...text].slice(0, -1).join('');
  const part = lastPart.exec(last.name)?.[1] ?? last.name.trimStart();
  return whole.trim() === '' ? whole + part : `${whole} ${separator} ${part}`;
}

/** Between the parts of a name. */
const separator = '·';
const lastPart = /\S · (\S+ \d+\/\d+)$/u;

interface Part {
  character: string;
  /** Which of the tokens that the character is read in; from 1 on. */
  place: number;
  of: number;
}

function nameOfParts(parts: readonly Part[]): string | null {
  if (parts.every(({ of }) => of === 1)) return null;
  let name = '';
  for (const [index, { character, place, of }] of parts.entries()) {
    const before = parts[index - 1];
    // Without the separator the next part would be taken for another part of the character, or for a part of the
    // number.
    const isApart = before && (before.of > 1 || (of > 1 && /\S/u.test(before.character)));
    name += `${isApart ? ` ${separator} ` : ''}${character.toWellFormed()}${of > 1 ? ` ${place}/${of}` : ''}`;
  }
  return name;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function characterAt(bytes: Uint8Array, at: number): string | null {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > bytes.length) return null;
  try {
    return strict.decode(bytes.subarray(at, at + length));
  } catch {
    return null;
  }
}

/** A lone surrogate is as long as U+FFFD, which it is read as. */
function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** From the texts of generated tokens to the ranges that they have in the text that they make. */

export interface TextRange {
  start: number;
  end: number;
}

/** What a decoder puts where bytes are no whole character. */
const replacement = 0xfffd;

/** The most bytes that one replacement character stands for. */
const replacedBytes = 3;

/** Places looked at per token before the search is given up; a text of whole characters needs one. */
const placesPerToken = 16;

/** A place between two bytes: so many bytes into the character at a UTF-16 offset. */
interface Place {
  readonly at: number;
  readonly inside: number;
}

/**
 * The UTF-16 ranges of tokens in `text`, which is what the bytes of all tokens together decode to; a stop text may have
 * cut it short. A token has the characters that begin in it: one that only continues a character has an empty range
 * after that character.
 *
 * A token's own text shows U+FFFD for bytes that are only part of a character, and not how many they are. So this
 * looks for a way to cut the text's bytes that shows each token as it is: whole characters come out where they are,
 * and only among pieces of characters there may be more than one way.
 *
 * @returns one range per token, tiling `text`; null when the tokens do not make this text.
 */
export function generatedRanges(text: string, tokens: readonly string[]): TextRange[] | null {
  const places = findPlaces(text, tokens, false) ?? findPlaces(text, tokens, true);
  if (!places) return null;
  const ends = places.map((place) => begunEnd(text, place));
  return tokens.map((_, i) => ({ start: ends[i]!, end: ends[i + 1]! }));
}

/** The places between the tokens, depth first; those in front of the first and behind the last one included. */
function findPlaces(text: string, tokens: readonly string[], isCut: boolean): Place[] | null {
  const path: Place[] = [{ at: 0, inside: 0 }];
  const untried: Place[][] = [];
  const seen = new Set<string>();
  while (path.length <= tokens.length) {
    const index = path.length - 1;
    untried[index] ??= placesAfterToken(text, tokens[index]!, path[index]!, isCut);
    const next = untried[index].shift();
    if (!next) {
      untried.pop();
      path.pop();
      if (path.length === 0) return null;
      continue;
    }
    const key = `${index} ${next.at} ${next.inside}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > placesPerToken * tokens.length) return null;
    if (path.length < tokens.length || begunEnd(text, next) === text.length) path.push(next);
  }
  return begunEnd(text, path.at(-1)!) === text.length ? path : null;
}

function placesAfterToken(text: string, token: string, before: Place, isCut: boolean): Place[] {
  const points = Array.from(token, (character) => character.codePointAt(0)!);
  let places = [before];
  for (const [index, point] of points.entries()) {
    const isLast = index === points.length - 1;
    places = places.flatMap((place) => placesAfter(text, point, place, isLast, isCut));
  }
  return places;
}

/** Where a token's next character can lead. Only the last one can begin a character and leave it to other tokens. */
function placesAfter(text: string, point: number, place: Place, isLast: boolean, isCut: boolean): Place[] {
  const { at, inside } = place;
  const here = text.codePointAt(at);
  if (here === undefined) return isCut ? [place] : [];
  const bytes = bytesOf(here);
  const next = { at: at + unitsOf(here), inside: 0 };
  if (inside > 0) {
    if (point !== replacement) return [];
    const isEnd = here === replacement || inside + 1 === bytes;
    return [...(isEnd ? [next] : []), ...(inside + 1 < bytes ? [{ at, inside: inside + 1 }] : [])];
  }
  const whole = point === here ? [next] : [];
  if (point !== replacement || !isLast) return whole;
  return [...whole, ...Array.from({ length: bytes - 1 }, (_, i) => ({ at, inside: i + 1 }))];
}

function bytesOf(point: number): number {
  if (point === replacement) return replacedBytes;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function unitsOf(point: number): number {
  return point > 0xffff ? 2 : 1;
}

/** The end of all characters that are begun before a place. */
function begunEnd(text: string, { at, inside }: Place): number {
  return inside === 0 ? at : at + unitsOf(text.codePointAt(at)!);
}

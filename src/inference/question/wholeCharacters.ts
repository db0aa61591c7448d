/** Expected tokens that are only a part of a character, named by the character that the model would make of them. */
import type { ShownToken } from '../../protocol/results.ts';
import { isInside, namesInText } from '../../text/pieceNames.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';

/** A character has four bytes at most. */
const mostPieces = 4;

/**
 * Where the model can go on from what has been read: null if no expected token is only a part of a character. It is a
 * copy, because the sequence may know what the text goes on with.
 */
export function asideFor(sequence: Sequence, expected: readonly ShownToken[]): Sequence | null {
  return expected.some(({ name }) => name !== undefined) ? sequence.fork() : null;
}

/**
 * Gives each token that begins or ends inside a character its name in the text that the model would go on with, `国 1/2`:
 * the most probable continuation is read until the character is whole. Where it becomes none, the token keeps its name.
 *
 * @param aside has read what is before the expected tokens; what it reads besides is given back
 */
export async function inWholeCharacters<T extends ShownToken>(
  model: Gpt2,
  aside: Sequence | null,
  expected: readonly T[],
  run: Run,
): Promise<T[]> {
  if (!aside) return [...expected];
  const { length } = aside;
  const begun = unfinished(model, aside.ids);
  // Two tokens with one name could not be told from each other.
  const taken = new Set<string>();
  const named: T[] = [];
  for (const token of expected) {
    aside.truncate(length);
    const name = token.name === undefined ? null : await nameOf(model, aside, begun, token.id, run);
    named.push(name === null || taken.has(name) ? token : { ...token, name });
    if (name !== null) taken.add(name);
  }
  aside.trim(0);
  return named;
}

async function nameOf(
  model: Gpt2,
  sequence: Sequence,
  begun: readonly number[],
  id: number,
  run: Run,
): Promise<string | null> {
  const { tokenizer, config } = model;
  const pieces = [...begun, id];
  const bytes = () => Buffer.concat(pieces.map((piece) => tokenizer.bytesOf(piece)));
  for (let last = id; missing(bytes()) > 0; ) {
    if (pieces.length >= begun.length + mostPieces || sequence.length >= config.contextLength) return null;
    const [next] = (await sequence.step(last, 1, run)).top;
    const continued = tokenizer.bytesOf(next!.id);
    if (continued.length === 0 || !isInside(continued)) return null;
    last = next!.id;
    pieces.push(last);
  }
  const whole = textOf(bytes());
  if (whole === null) return null;
  const place = { start: 0, end: whole.length };
  const placed = pieces.map((piece) => ({ ...place, bytes: tokenizer.bytesOf(piece).length }));
  return namesInText(whole, placed)[begun.length] ?? null;
}

/** The last tokens, from the one on in which a character begins that none of them ends. */
function unfinished({ tokenizer }: Gpt2, ids: readonly number[]): number[] {
  for (let count = 1; count < mostPieces && count <= ids.length; count++) {
    const last = ids.slice(-count);
    const bytes = Buffer.concat(last.map((id) => tokenizer.bytesOf(id)));
    if (bytes.length === 0) return [];
    if (isInside(bytes)) continue;
    return missing(bytes) > 0 ? last : [];
  }
  return [];
}

/** How many bytes the last character lacks. */
function missing(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && isInside(bytes.subarray(start))) start--;
  const lead = bytes[start] ?? 0;
  const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return Math.max(0, start + length - bytes.length);
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

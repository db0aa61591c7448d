/** Slips of the hand: single characters exchanged, left out, doubled, in the other case, or the key beside them. */
import type { EditKind } from '../../protocol/edits.ts';
import type { NewEdit } from './edits.ts';
import { keysBeside } from './keyboard.ts';

interface Character {
  text: string;
  start: number;
  end: number;
}

const isVisible = (character: string) => /^[^\s\p{C}\p{M}]$/u.test(character);
const isLetterOrDigit = (character: string) => /^[\p{L}\p{N}]$/u.test(character);

/** All edits of one kind of the characters between `start` and `end`. */
export function characterEdits(
  kind: EditKind,
  text: string,
  { start, end }: { start: number; end: number },
  isFree: (start: number, end: number) => boolean,
): NewEdit[] {
  const characters = charactersOf(text.slice(start, end), start);
  const edits: NewEdit[] = [];
  const add = (from: number, to: number, put: string) => {
    if (isFree(from, to) && put !== text.slice(from, to))
      edits.push({ kind, start: from, end: to, new: put });
  };
  for (const [index, one] of characters.entries()) {
    const next = characters[index + 1];
    if (!isVisible(one.text)) continue;
    if (kind === 'drop') add(one.start, one.end, '');
    else if (kind === 'repeat') add(one.start, one.end, one.text + one.text);
    else if (kind === 'case') add(one.start, one.end, otherCase(one.text));
    else if (kind === 'key') for (const key of keysBeside(one.text)) add(one.start, one.end, key);
    else if (kind === 'swap' && next && isLetterOrDigit(one.text) && isLetterOrDigit(next.text))
      add(one.start, next.end, next.text + one.text);
  }
  return edits;
}

function charactersOf(text: string, at: number): Character[] {
  let start = at;
  return [...text].map((character) => {
    start += character.length;
    return { text: character, start: start - character.length, end: start };
  });
}

/** The same where there is no other case, or it is no single character. */
function otherCase(character: string): string {
  const other = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
  return [...other].length === 1 ? other : character;
}

/** Edits of a text: how they are put together, and how much they change. */
import type { EditKind } from '../../protocol/edits.ts';
import type { TextEdit } from '../../protocol/results.ts';

/** A further edit of a text that has some edits already, in the offsets of that edited text. */
export interface NewEdit {
  kind: EditKind;
  start: number;
  end: number;
  new: string;
}

/** @param edits in the order of the text, without overlaps */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.new);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}

/** By how much a text grows. */
export const growthOf = (edits: readonly TextEdit[]) =>
  edits.reduce((sum, edit) => sum + edit.new.length - (edit.end - edit.start), 0);

/** Where the edits are in the edited text. */
export function editedPlaces(edits: readonly TextEdit[]): { start: number; end: number }[] {
  let growth = 0;
  return edits.map((edit) => {
    const start = edit.start + growth;
    growth += edit.new.length - (edit.end - edit.start);
    return { start, end: start + edit.new.length };
  });
}

/**
 * The edits with one more, which must not touch any of them. What old and new text begin and end with alike is left out of
 * it, so that it says only what changes.
 */
export function withEdit(text: string, edits: readonly TextEdit[], one: NewEdit): TextEdit[] {
  const before = editedPlaces(edits).filter(({ end }) => end <= one.start).length;
  const growth = growthOf(edits.slice(0, before));
  const [start, end] = [one.start - growth, one.end - growth];
  const edit = trimmed({ kind: one.kind, start, end, old: text.slice(start, end), new: one.new });
  return [...edits.slice(0, before), edit, ...edits.slice(before)];
}

/** Whole words are told whole: only the white space in front is taken away, and of characters nothing. */
function trimmed(edit: TextEdit): TextEdit {
  let shared = 0;
  const isSpace = () => /^\s/u.test(edit.old.slice(shared));
  while (isSpace() && edit.old[shared] === edit.new[shared]) shared++;
  if (shared === 0 || edit.kind !== 'substitute') return edit;
  return { ...edit, start: edit.start + shared, old: edit.old.slice(shared), new: edit.new.slice(shared) };
}

/** Characters (code points) that are put in, left out or replaced. */
export function distanceOf(edits: readonly TextEdit[]): number {
  return edits.reduce((sum, edit) => sum + levenshtein([...edit.old], [...edit.new]), 0);
}

function levenshtein(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, index) => index + 1);
  for (const [i, one] of a.entries()) {
    const next: number[] = [];
    for (const [j, other] of b.entries()) {
      const diagonal = j === 0 ? i : row[j - 1]!;
      const left = j === 0 ? i + 1 : next[j - 1]!;
      next.push(Math.min(diagonal + Number(one !== other), row[j]! + 1, left + 1));
    }
    row = next;
  }
  return b.length === 0 ? a.length : row.at(-1)!;
}

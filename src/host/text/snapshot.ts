import { isLowSurrogate } from '../../text/isLowSurrogate.ts';

/** What the model is given to read, cut out of a document. */
export interface Snapshot {
  /** Where `text` begins in the document. */
  base: number;
  text: string;
  /** UTF-16 range of `text` that is explained; it ends where `text` ends. */
  range: { start: number; end: number };
  /** False when the front of what was to be explained is cut off. */
  whole: boolean;
}

export type ContextSetting = 'document' | 'selection';

/**
 * UTF-16 units that travel at most. Only the last 1,024 tokens of them can be read by a GPT-2, so this is generous
 * (a token has about 4 characters) and yet keeps tokenising short; the engine says how many tokens it left out.
 */
export const windowUnits = 32 * 1024;

/**
 * Takes `document[start, end)` with what stands before it, if `context` says so. What is too long is cut in front: the
 * context at the beginning of a line where it can be.
 */
export function takeSnapshot(
  document: string,
  { start, end }: { start: number; end: number },
  context: ContextSetting,
  units = windowUnits,
): Snapshot {
  let base = Math.max(0, end - units);
  if (base > 0 && isLowSurrogate(document, base)) base += 1;
  if (context === 'selection') {
    base = Math.max(start, base);
  } else if (base > 0) {
    const nextLine = document.indexOf('\n', base) + 1;
    if (nextLine > 0 && nextLine <= start) base = nextLine;
  }
  const text = document.slice(base, end);
  return { base, text, range: { start: Math.max(0, start - base), end: text.length }, whole: base <= start };
}

type Stretch = { start: number; end: number };

/** Without line breaks and spaces at the end, unless there is nothing else: a triple-click takes the line break along. */
export function withoutEnd(document: string, { start, end }: Stretch): Stretch {
  const kept = document.slice(start, end).trimEnd().length;
  return { start, end: kept === 0 ? end : start + kept };
}

/** Without spaces behind the last word of a line. Line breaks and indentation stay: somebody has put the cursor there. */
export function withoutSpaceBehind(document: string, { start, end }: Stretch): Stretch {
  const line = document.lastIndexOf('\n', end - 1) + 1;
  const kept = document.slice(Math.max(start, line), end);
  return { start, end: isBlank(kept) ? end : end - (kept.length - kept.trimEnd().length) };
}

/**
 * What an empty selection stands for: the line up to the cursor, without its indentation; on a line with nothing but
 * white space before the cursor, the paragraph (lines that are not blank) that ends there.
 */
export function stretchBefore(document: string, cursor: number): { start: number; end: number } {
  const before = document.slice(Math.max(0, cursor - windowUnits), cursor);
  const lines = before.split('\n');
  let first = lines.length - 1;
  if (isBlank(lines[first]!)) {
    while (first > 0 && isBlank(lines[first]!)) first -= 1;
    while (first > 0 && !isBlank(lines[first - 1]!)) first -= 1;
  }
  const stretch = lines.slice(first).join('\n');
  return { start: cursor - stretch.trimStart().length, end: cursor };
}

/** UTF-16 units of a paragraph that are explained at most: each token of them is a row to be differentiated. */
const paragraphUnits = 2_000;

/**
 * The text that may have influenced the prediction of the word at `offset`: the lines that are not blank up to that
 * word, or the paragraph before if the word begins one.
 */
export function paragraphBefore(document: string, offset: number): { start: number; end: number } {
  let word = offset;
  while (word > 0 && !isBlank(document[word - 1]!)) word--;
  const before = document.slice(Math.max(0, word - paragraphUnits), word);
  const lines = before.split('\n');
  let first = lines.length;
  while (first > 0 && isBlank(lines[first - 1]!)) first--;
  while (first > 0 && !isBlank(lines[first - 1]!)) first--;
  const stretch = lines.slice(first).join('\n').trimStart();
  return { start: word - stretch.length, end: offset };
}

/**
 * The offset of the character that a cursor is on: the one behind it, or the one in front where a word ends, so that a
 * cursor at either end of a word is on that word.
 */
export function offsetAtCursor(document: string, cursor: number): number {
  const behind = document[cursor];
  const inFront = document[cursor - 1];
  const isWord = (text: string | undefined) => text !== undefined && /[\p{L}\p{N}_\ud800-\udfff]/u.test(text);
  const isEnd = behind === undefined || isBlank(behind);
  const endsWord =
    inFront !== undefined && !isBlank(inFront) && (isEnd || (isWord(inFront) && !isWord(behind)));
  if (!endsWord) return Math.min(cursor, Math.max(0, document.length - 1));
  return isLowSurrogate(document, cursor - 1) ? cursor - 2 : cursor - 1;
}

const isBlank = (text: string) => text.trim() === '';

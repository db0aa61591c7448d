/**
 * Texts made safe to show, here and wherever they are told. They may come from a document, a vocabulary or a model file,
 * and hold line breaks, bidirectional controls or escape sequences.
 */

const signs: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥' };

/** On one line, with a sign for whatever is not seen: `↵`, `⇥`, `‹U+202E›`. */
export function withSigns(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => signs[c] ?? `‹U+${hex(c)}›`);
}

/** Its beginning and end, if it is longer than both. */
export function shortened(text: string, start: number, end: number): string {
  return text.length <= start + end ? text : `${text.slice(0, start)} … ${text.slice(-end)}`;
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}

/**
 * A value of a file, to be shown in an error. What is in a list or an object is not shown: nested deeply enough, it would
 * overflow the stack.
 */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

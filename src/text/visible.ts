/**
 * Texts of tokens, made safe to show. A token is a hostile text: it comes from a document or a vocabulary and may
 * hold line breaks, bidirectional controls or escape sequences.
 */

const signs: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥' };

/** On one line, with a sign for whatever is not seen: `↵`, `⇥`, `‹U+202E›`. */
export function withSigns(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => signs[c] ?? `‹U+${hex(c)}›`);
}

/** The same; several spaces in a row become `␣`. */
export function visible(text: string): string {
  return withSigns(text).replace(/ {2,}/g, (spaces) => '␣'.repeat(spaces.length));
}

export function quoted(text: string): string {
  return `"${visible(text)}"`;
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}

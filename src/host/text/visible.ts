/**
 * Texts of tokens, made safe to show. A token is a hostile text: it comes from a document or a vocabulary and may
 * hold line breaks, bidirectional controls, Markdown, HTML or icon codes.
 */

const signs: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥' };

/** On one line, with a sign for whatever is not seen: `↵`, `⇥`, `‹U+202E›`; several spaces in a row become `␣`. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => signs[c] ?? `‹U+${hex(c)}›`)
    .replace(/ {2,}/g, (spaces) => '␣'.repeat(spaces.length));
}

export function quoted(text: string): string {
  return `"${visible(text)}"`;
}

/**
 * For a Markdown cell, hover or tooltip: every ASCII punctuation character is escaped (CommonMark 0.31, 2.4), so no
 * link, image, HTML, table border or autolink can begin; spaces are kept.
 */
export function asMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replaceAll(' ', '&nbsp;');
}

/** For a status item's text, where `$(name)` is an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}

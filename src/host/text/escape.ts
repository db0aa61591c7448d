/** Texts of tokens, made safe for where the editor shows them. See src/text/visible.ts for their invisible characters. */

/**
 * For a Markdown cell, hover or tooltip: every ASCII punctuation character is escaped (CommonMark 0.31, 2.4), so no
 * link, image, HTML, table border or autolink can begin; spaces at the ends and in rows are kept.
 */
export function asMarkdown(text: string): string {
  return text
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/^ | $| {2,}/g, (spaces) => '&nbsp;'.repeat(spaces.length));
}

/** For a status item's text, where `$(name)` is an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

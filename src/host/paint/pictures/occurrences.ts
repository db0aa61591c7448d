/** VS Code's classes for the word at the cursor and its other places, and for what is like the selection. */
const theirs = ['wordHighlight', 'wordHighlightStrong', 'wordHighlightText', 'selectionHighlight'];

/**
 * Lets an editor that shows such a decoration mark no equal words: their boxes look like tokens that are coloured, and lie
 * over the last token, behind which the cursor stands.
 */
export const withoutOccurrences = `.monaco-editor:has(&) .view-overlays :is(${theirs
  .map((name) => `.${name}`)
  .join(', ')}) { background: none; border-color: transparent }`;

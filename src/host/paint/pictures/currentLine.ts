/**
 * The cursor's line below the colours, which lie below the selection: a theme's background for that line would cover them,
 * and the cursor is where one has just explained something.
 */
export const currentLineBelow = '.monaco-editor:has(&) .view-overlays .current-line { z-index: -2 }';

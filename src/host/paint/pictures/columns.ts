import stringWidth from 'string-width';
import type { Range, TextEditor } from 'vscode';

/** How many lines above and below the query the card may stand beside. */
const reach = 26;
/** No editor in sight is wider: longer lines are not counted to their end. */
const mostUnits = 600;
/** For signs that are drawn at the end of a line, and some distance. */
const margin = 4;

/** Columns of the longest line near a range, as a fixed-width font has them. */
export function columnsNear(
  { document, options }: Pick<TextEditor, 'document' | 'options'>,
  { start, end }: Range,
): number {
  const [first, last] = [Math.max(0, start.line - reach), Math.min(document.lineCount - 1, end.line + reach)];
  const tabSize = Number(options.tabSize) || 4;
  let most = 0;
  for (let line = first; line <= last; line++) {
    most = Math.max(most, columnsOf(document.lineAt(line).text.slice(0, mostUnits), tabSize));
  }
  return most + margin;
}

export function columnsOf(text: string, tabSize: number): number {
  return text
    .split('\t')
    .reduce((used, part, i) => (i === 0 ? 0 : used + tabSize - (used % tabSize)) + stringWidth(part), 0);
}

import { Range, type TextDocument } from 'vscode';

/** The ends of the lines whose line break is within a range, as empty ranges. */
export function lineBreaks({ start, end }: Range, document: Pick<TextDocument, 'lineAt'>): Range[] {
  const lines = Array.from({ length: end.line - start.line }, (_, index) => start.line + index);
  return lines.map((line) => {
    const place = document.lineAt(line).range.end;
    return new Range(place, place);
  });
}

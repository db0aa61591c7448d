/** Comma-separated values as RFC 4180 has them: cells in quotation marks may have commas, line breaks and doubled marks. */
export interface CsvRow {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
}

/** Empty lines are left out. @returns `badLine`: where a quotation mark is not closed, or stands inside a cell */
export function parseCsv(content: string): { rows: CsvRow[]; badLine: number | null } {
  const rows: CsvRow[] = [];
  const text = content.replace(/^\ufeff/, '');
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let [line, row] = [1, { line: 1, cells: [] as string[] }];
  while (cell.lastIndex < text.length || row.cells.length > 0) {
    const found = cell.exec(text);
    if (!found) return { rows, badLine: line };
    const [whole, quoted, plain = '', end] = found;
    row.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
    row = { line, cells: [] };
  }
  return { rows, badLine: null };
}

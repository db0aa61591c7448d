/** One picture for export, with everything that it shows. */
import { type Look, paper } from './paper.ts';
import { escaped, type Scene, toCanvas, toSvg } from './scene.ts';

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

export interface Figure {
  title: string;
  scene: (look: Look) => Scene;
  /** The notes below it in a file: what the page says around it. */
  notes?: readonly string[];
  /** A text that the picture has in colours, for where there are none: HTML that Markdown may hold, and what it means. */
  marked?: () => { html: string; notes: readonly string[] };
  table: () => Table;
  /** Name and value: the receipt. */
  facts: readonly (readonly [string, string])[];
  /** Everything, unrounded. */
  json: () => unknown;
}

export const exports = {
  svg: async (figure: Figure) => toSvg(figure.scene(paper)),
  /** Base64; empty where the browser cannot draw it. */
  png: async (figure: Figure) => toCanvas(figure.scene(paper))?.toDataURL('image/png').split(',')[1] ?? '',
  html: async (figure: Figure) => asHtml(figure),
  csv: async (figure: Figure) => asCsv(figure.table()),
  json: async (figure: Figure) => `${JSON.stringify(figure.json(), plain, 2)}\n`,
} as const;

/** Typed arrays as lists; what JSON cannot say as null. */
function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<number>)
    : value;
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets a quote mark in front. */
export function asCsv({ columns, rows }: Table): string {
  const cell = (value: string | number | null) => {
    if (typeof value === 'number') return String(value);
    const text = value ?? '';
    const safe = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

export function asMarkdown({ title, marked, table, facts }: Figure): string {
  const { columns, rows } = table();
  const cell = (value: string | number | null) =>
    String(value ?? '')
      .replace(/[\r\n]+/g, ' ')
      .replace(/[\\`*_[\]<>|#&~]/g, (character) => `\\${character}`);
  const line = (cells: readonly (string | number | null)[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    `## ${cell(title)}`,
    '',
    ...(marked ? markedLines(marked(), cell) : []),
    line(columns),
    line(columns.map(() => '---')).replaceAll('\\', ''),
    ...rows.map(line),
    '',
    ...facts.map(([name, value]) => `- ${cell(name)}: ${cell(value)}`),
    '',
  ].join('\n');
}

function markedLines(
  { html, notes }: ReturnType<NonNullable<Figure['marked']>>,
  cell: (text: string) => string,
): string[] {
  return [html, '', ...notes.map((note) => `- ${cell(note)}`), ''];
}

/** Without scripts, links or anything from elsewhere. */
function asHtml({ title, scene, notes = [], table, facts }: Figure): string {
  const { columns, rows } = table();
  const row = (tag: string, cells: readonly (string | number | null)[]) =>
    `<tr>${cells.map((value) => `<${tag}>${escaped(String(value ?? ''))}</${tag}>`).join('')}</tr>`;
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title>
<style>
body { font-family: sans-serif; margin: 2rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid #888; padding: 0.2rem 0.5rem; text-align: start; white-space: pre; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${toSvg(scene(paper))}
${notes.map((note) => `<p>${escaped(note)}</p>`).join('\n')}
<table>
<thead>${row('th', columns)}</thead>
<tbody>
${rows.map((cells) => row('td', cells)).join('\n')}
</tbody>
</table>
<dl>
${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('\n')}
</dl>
</body>
</html>
`;
}

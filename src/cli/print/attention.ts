/** Attention for a person: one head as a map in characters, several as a table of what they look at. */
import type { AttentionMaps } from '../../protocol/results.ts';
import { rowsOf } from '../json.ts';
import { padEnd, padStart } from '../terminal/columns.ts';
import { label, numbers, type Page, receiptLines } from './common.ts';

/** A weight from `least` on gets the shade; a dot is a key that the head could see but hardly looks at. */
const shades = [
  { shade: '█', least: 0.6 },
  { shade: '▓', least: 0.3 },
  { shade: '▒', least: 0.1 },
  { shade: '░', least: 0.02 },
  { shade: '·', least: 0 },
] as const;

const labelWidth = 16;

export function printAttention(maps: AttentionMaps, page: Page): string {
  const isOne = maps.layers.length === 1 && maps.heads.length === 1;
  const parts = [isOne ? map(maps, page) : table(maps, page), receiptLines(maps.receipt).join('\n')];
  return `${parts.join('\n\n')}\n`;
}

/** Rows are queries, columns are keys; only the last tokens if not all fit. */
function map({ tokens, layers, heads, attention }: AttentionMaps, { width, chalk }: Page): string {
  const room = width - labelWidth - 8;
  const shown = Math.min(tokens.length, room);
  const first = tokens.length - shown;
  const cell = 2 * shown <= room ? 2 : 1;
  const lines = [...rowsOf(attention[0]?.[0] as Float32Array)].slice(first).map((row, index) => {
    const query = first + index;
    const cells = Array.from(row.subarray(first, query + 1), (weight) => shadeOf(weight).repeat(cell));
    return `${padStart(String(query), 5)} ${padEnd(label(tokens[query] ?? { text: '' }, labelWidth), labelWidth)} ${cells.join('')}`;
  });
  const columns = Array.from({ length: shown }, (_, index) => padEnd(String((first + index) % 10), cell));
  const heading = `Layer ${layers[0]}, head ${heads[0]}: each row is a token, and what it looks at`;
  const cut = first > 0 ? `, of its last ${shown} tokens` : '';
  const legend = shades.map(
    ({ shade, least }) => `${shade} ${least === 0 ? 'less' : numbers.percent(least)}`,
  );
  return [
    chalk.bold(heading + cut),
    chalk.dim(legend.join('   ')),
    '',
    chalk.dim(`${' '.repeat(labelWidth + 7)}${columns.join('')}`.trimEnd()),
    ...lines,
  ].join('\n');
}

function shadeOf(weight: number): string {
  return shades.find(({ least }) => weight >= least)?.shade ?? '?';
}

function table({ tokens, layers, heads, attention }: AttentionMaps, { chalk }: Page): string {
  const heading = 'layer head   itself  previous   first   other   the last token looks at';
  const lines = layers.flatMap((layer, i) =>
    heads.map((head, j) => {
      const rows = [...rowsOf(attention[i]?.[j] as Float32Array)];
      const { itself, previous, first, other } = habits(rows);
      const last = rows.at(-1) as Float32Array;
      const key = last.indexOf(Math.max(...last));
      const strongest = `${padStart(String(key), 4)} ${label(tokens[key] ?? { text: '' })} ${numbers.percent(last[key] ?? 0)}`;
      return [
        padStart(String(layer), 5),
        padStart(String(head), 5),
        ...[itself, previous, first, other].map((share) => padStart(percent(share), 8)),
        ` ${strongest}`,
      ].join(' ');
    }),
  );
  return [chalk.bold(heading), ...lines].join('\n');
}

/**
 * Mean weights on the token itself, the one before it, the first one, and all others, over all queries but the first,
 * which only sees itself; NaN if there is no other. The first token counts as `previous` for the second one.
 */
function habits(rows: readonly Float32Array[]) {
  const sums = { itself: 0, previous: 0, first: 0 };
  for (const [query, row] of rows.entries()) {
    if (query === 0) continue;
    sums.itself += row[query] as number;
    sums.previous += row[query - 1] as number;
    if (query > 1) sums.first += row[0] as number;
  }
  const count = rows.length - 1;
  const itself = sums.itself / count;
  const previous = sums.previous / count;
  const first = sums.first / count;
  return { itself, previous, first, other: Math.max(0, 1 - itself - previous - first) };
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : numbers.percent(share);
}

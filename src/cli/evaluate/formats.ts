/** The tables of an evaluation: for a terminal and a paper as Markdown, for a spreadsheet as CSV. */
import { numbers } from '../print/common.ts';
import { isCost, type Pair, type Row } from './summary.ts';

export interface Tables {
  rows: readonly Row[];
  pairs: readonly Pair[];
}

/** Fewer examples than this say little, and it is said. */
export const fewExamples = 100;

const csvColumns = ['method', 'measure', 'removal', 'mean', 'low', 'high', 'n', 'floor', 'ceiling'] as const;

/** The rows alone. No name has a comma or a quotation mark. */
export function asCsv({ rows }: Tables): string {
  const line = (row: Row) => csvColumns.map((column) => row[column] ?? '').join();
  return `${[csvColumns.join(), ...rows.map(line)].join('\n')}\n`;
}

/** One table for each measure, the best method first, with what it is sure to be better than. */
export function asMarkdown({ rows, pairs }: Tables): string {
  const groups = Map.groupBy(rows, ({ measure, removal }) => JSON.stringify([measure, removal]));
  const tables = [...groups.values()].map((group) => tableOf(group, pairs));
  return `${tables.join('\n\n')}\n`;
}

function tableOf(group: readonly Row[], pairs: readonly Pair[]): string {
  const [{ measure, removal, floor, ceiling }] = group as [Row, ...Row[]];
  const better = isCost(measure) ? 'small is good' : 'large is good';
  const bounds = [
    ...(floor === null ? [] : [`a random order: ${numbers.amount(floor)}`]),
    ...(ceiling === null ? [] : [`the best known: ${numbers.amount(ceiling)}`]),
  ];
  const title = [removal === null ? measure : `${measure}, removal ${removal}`, better, ...bounds].join('; ');
  const sign = isCost(measure) ? 1 : -1;
  const sorted = group.toSorted((a, b) => sign * (a.mean - b.mean));
  const lines = sorted.map((row) => {
    const beaten = sorted.filter((other) => isBetter(row, other, pairs)).map(({ method }) => method);
    const cells = [
      row.method,
      numbers.amount(row.mean),
      `${numbers.amount(row.low)} … ${numbers.amount(row.high)}`,
      numbers.count(row.n),
      beaten.join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `**${title}**`,
    '',
    '| method | mean | 95 % | n | better than, on the same examples |',
    '|:--|--:|:--|--:|:--|',
    ...lines,
  ].join('\n');
}

/** Whether the whole interval of the paired differences lies on the good side. */
function isBetter(row: Row, other: Row, pairs: readonly Pair[]): boolean {
  const { measure, removal } = row;
  const about = pairs.filter((pair) => pair.measure === measure && pair.removal === removal);
  const sign = isCost(measure) ? -1 : 1;
  return about.some(({ first, second, low, high }) => {
    if (first === row.method && second === other.method) return sign > 0 ? low > 0 : high < 0;
    if (second === row.method && first === other.method) return sign > 0 ? high < 0 : low > 0;
    return false;
  });
}

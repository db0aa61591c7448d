/** The lens as a map: the output at the top, the embeddings at the bottom. */

import type { ShownLens } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Matrix } from '../base/bitmap.ts';
import type { Cell } from '../base/heatMap.tsx';
import type { Scale } from '../base/palette.ts';
import { shownInCell, type Wording } from './common.ts';

export interface LensMap {
  matrix: Matrix;
  scale: Scale;
  /** A value of the scale as it is read. */
  read: (value: number) => string;
  rowNames: string[];
  textOf: (cell: Cell) => string;
  say: (cell: Cell) => string;
  /** The top token. */
  idAt: (cell: Cell) => number;
}

/** The embeddings are the row 0 of `rows`. */
export function layerName(row: number, rows: number, { label, numbers }: Wording): string {
  if (row === 0) return label('embeddings');
  return row === rows - 1 ? label('output') : label('layer', numbers.count(row));
}

export function lensMap(lens: ShownLens, wording: Wording): LensMap {
  const { rows, columns, ids, probabilities, followed } = lens;
  const { label, numbers } = wording;
  const texts = new Map(lens.texts.map((token) => [token.id, tokenName(token)]));
  const indexOf = ({ row, column }: Cell) => (rows - 1 - row) * columns.length + column;
  const idAt = (cell: Cell) => ids[indexOf(cell)]!;
  const name = (row: number) => layerName(rows - 1 - row, rows, wording);
  const place = ({ row, column }: Cell) => [quoted(columns[column]!), name(row)] as const;
  const shared = { rowNames: Array.from({ length: rows }, (_, row) => name(row)), idAt };
  const matrix = (value: (index: number) => number): Matrix => ({
    rows,
    columns: columns.length,
    values: Float32Array.from({ length: ids.length }, (_, cell) =>
      value(indexOf({ row: Math.floor(cell / columns.length), column: cell % columns.length })),
    ),
  });
  if (!followed) {
    const say = (cell: Cell) => {
      const text = quoted(texts.get(idAt(cell)) ?? '');
      return label('lensCell', ...place(cell), text, numbers.percent(probabilities[indexOf(cell)]!));
    };
    return {
      ...shared,
      matrix: matrix((index) => probabilities[index]!),
      scale: { kind: 'sequential', most: 1, colour: 'forFill', isLinear: true },
      read: (value) => numbers.percent(value),
      textOf: (cell) => shownInCell(texts.get(idAt(cell)) ?? ''),
      say,
    };
  }
  // Ranks differ by factors: from the last one in the picture to the first.
  const last = followed.ranks.reduce((most, rank) => Math.max(most, rank), 2);
  return {
    ...shared,
    matrix: matrix((index) => 1 - Math.log(followed.ranks[index]!) / Math.log(last)),
    scale: { kind: 'sequential', most: 1, colour: 'forFill', isLinear: true },
    read: (value) => numbers.count(Math.round(last ** (1 - value))),
    textOf: (cell) => numbers.count(followed.ranks[indexOf(cell)]!),
    say: (cell) => {
      const index = indexOf(cell);
      const [rank, chance] = [followed.ranks[index]!, followed.probabilities[index]!];
      const name = quoted(tokenName(followed));
      return label('lensCellRank', ...place(cell), name, numbers.count(rank), numbers.percent(chance));
    },
  };
}

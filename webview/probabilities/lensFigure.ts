/** The lens for files: as shapes, and as a table. */

import type { ShownLens } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Colours } from '../base/colours.ts';
import type { Table } from '../base/figure.ts';
import { cssColour, readableOn } from '../base/palette.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { fitted } from '../base/textWidth.ts';
import type { Wording } from './common.ts';
import { type LensMap, layerName } from './lensMap.ts';

const cell = { width: 62, height: 20 };
const [left, top, size] = [96, 24, 11];

export function lensScene(
  { matrix, scale, rowNames, textOf }: LensMap,
  columns: readonly string[],
  colours: Colours,
): Scene {
  const words = { kind: 'words' as const, size, font: colours.textFont };
  const width = cell.width - 4;
  const shapes: Shape[] = columns.map((text, column) => ({
    ...words,
    x: left + (column + 0.5) * cell.width,
    y: top - 8,
    text: fitted(text, width, size, colours.textFont),
    fill: colours.muted,
    anchor: 'middle',
  }));
  for (let row = 0; row < matrix.rows; row++) {
    const y = top + row * cell.height;
    const name = fitted(rowNames[row]!, left - 8, size, colours.font);
    shapes.push({
      ...words,
      ...{ x: left - 6, y: y + 14, text: name, fill: colours.muted, font: colours.font, anchor: 'end' },
    });
    for (let column = 0; column < matrix.columns; column++) {
      const x = left + column * cell.width;
      const value = matrix.values[row * matrix.columns + column]!;
      shapes.push({ kind: 'rect', x, y, ...cell, fill: cssColour(value, scale, colours) });
      const text = fitted(textOf({ row, column }), width, size, colours.textFont);
      shapes.push({
        ...words,
        ...{
          x: x + cell.width / 2,
          y: y + 14,
          text,
          fill: readableOn(value, scale, colours),
          anchor: 'middle',
        },
      });
    }
  }
  return {
    width: left + matrix.columns * cell.width + 4,
    height: top + matrix.rows * cell.height + 4,
    background: colours.background,
    shapes,
  };
}

/** A row per cell, the output first. */
export function lensTable(lens: ShownLens, wording: Wording): Table {
  const { rows, columns, ids, probabilities, first, followed } = lens;
  const { label } = wording;
  const texts = new Map(lens.texts.map((token) => [token.id, tokenName(token)]));
  const names = ['layerColumn', 'position', 'token', 'lensTop', 'id', 'probability'].map((name) =>
    label(name),
  );
  const cells: (string | number | null)[][] = [];
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = 0; column < columns.length; column++) {
      const index = row * columns.length + column;
      const top = quoted(texts.get(ids[index]!) ?? '');
      const name = layerName(row, rows, wording);
      const shared = [
        name,
        first + column,
        quoted(columns[column]!),
        top,
        ids[index]!,
        probabilities[index]!,
      ];
      cells.push(followed ? [...shared, followed.ranks[index]!, followed.probabilities[index]!] : shared);
    }
  }
  if (!followed) return { columns: names, rows: cells };
  const text = quoted(tokenName(followed));
  return { columns: [...names, label('rankOfToken', text), label('probabilityOf', text)], rows: cells };
}

import { bitmapOf, type Matrix } from './bitmap.ts';
import type { Colours } from './colours.ts';
import { cssColour, lookup, type Scale } from './palette.ts';
import type { Scene, Shape } from './scene.ts';
import { fitted } from './textWidth.ts';

interface Options {
  matrix: Matrix;
  scale: Scale;
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** What the colours mean, and a number as it is read. */
  legend: string;
  read: (value: number) => string;
}

const size = 11;
const gutter = { left: 112, top: 84, right: 52 };
const legendHeight = 40;
/** Pixels of the whole map, about. */
const wanted = 900;
const cells = { least: 1, most: 24 };
/** Names stand no closer than this. */
const between = 12;

/** A whole matrix as one picture with its names and its legend, for exports: on the page it is a `HeatMap`. */
export function mapScene(
  { matrix, scale, rowNames, columnNames, legend, read }: Options,
  colours: Colours,
): Scene {
  const { rows, columns } = matrix;
  const fits = wanted / Math.max(rows, columns, 1);
  const cell = fits >= 1 ? Math.floor(Math.min(cells.most, fits)) : cells.least;
  const step = Math.ceil(between / cell);
  const [mapWidth, mapHeight] = [columns * cell, rows * cell];
  const canvas = bitmapOf(matrix, scale, lookup(scale, colours), { row: 0, column: 0, rows, columns });
  const words = { kind: 'words' as const, fill: colours.foreground, size, font: colours.textFont };
  const shapes: Shape[] = [
    { kind: 'bitmap', x: gutter.left, y: gutter.top, width: mapWidth, height: mapHeight, canvas },
    {
      kind: 'rect',
      ...{ x: gutter.left, y: gutter.top, width: mapWidth, height: mapHeight },
      ...{ fill: 'none', stroke: colours.line },
    },
  ];
  for (let row = 0; row < rows; row += step) {
    const text = fitted(rowNames[row] ?? '', gutter.left - 8, size, colours.textFont);
    const y = gutter.top + (row + 0.5) * cell + size * 0.35;
    shapes.push({ ...words, x: gutter.left - 6, y, text, anchor: 'end' });
  }
  for (let column = 0; column < columns; column += step) {
    const text = fitted(columnNames[column] ?? '', gutter.top, size, colours.textFont);
    const x = gutter.left + (column + 0.5) * cell + size * 0.35;
    shapes.push({ ...words, x, y: gutter.top - 6, text, turned: -60 });
  }
  shapes.push(...legendShapes(gutter.top + mapHeight + 26, { scale, legend, read }, colours));
  return {
    width: Math.max(gutter.left + mapWidth + gutter.right, 420),
    height: gutter.top + mapHeight + legendHeight,
    background: colours.background,
    shapes,
  };
}

function legendShapes(
  y: number,
  { scale, legend, read }: Pick<Options, 'scale' | 'legend' | 'read'>,
  colours: Colours,
): Shape[] {
  const [steps, width, left] = [32, 160, 180];
  const least = scale.kind === 'diverging' ? -scale.most : 0;
  const words = { kind: 'words' as const, y, fill: colours.foreground, size, font: colours.font };
  const ramp = Array.from({ length: steps }, (_, step): Shape => {
    const value = least + ((scale.most - least) * step) / (steps - 1);
    const x = left + (step * width) / steps;
    const place = { x, y: y - 10, width: width / steps + 0.5, height: 12 };
    return { kind: 'rect', ...place, fill: cssColour(value, scale, colours) };
  });
  return [
    { ...words, x: left - 8, text: `${legend}  ${read(least)}`, anchor: 'end' },
    ...ramp,
    { ...words, x: left + width + 8, text: read(scale.most) },
  ];
}

import type { Matrix, Tiles } from './bitmap.ts';
import { sized } from './canvas.ts';
import type { Colours } from './colours.ts';
import type { FittedNames } from './fittedNames.ts';
import { readableOn, type Scale } from './palette.ts';
import { fitted, textWidth } from './textWidth.ts';

/** Draws the visible part of a map on its canvas, with names, texts, signs and markings. */

export interface Cell {
  row: number;
  column: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Room in pixels for the names of rows (left) and of columns (above). */
export interface Gutter {
  left: number;
  top: number;
  /** Names above are never slanted; by default they are slanted if they have no room otherwise. */
  isUpright?: boolean;
}

/** What to draw. */
export interface MapLook {
  matrix: Matrix;
  scale: Scale;
  colours: Colours;
  /** Text inside a cell, if there is room. */
  textOf?: (cell: Cell) => string;
  /** Columns with a line before them. */
  separators?: readonly number[];
  marked?: Partial<Cell>;
}

/** Where to draw it. */
interface MapPlace {
  cell: Size;
  gutter: Gutter;
  at: Cell | null;
  names: { rows: FittedNames; columns: FittedNames };
}

/** Room beside the last column for its slanted name. */
export const overhang = 44;
export const tallest = 560;
/**
 * From this size of a cell in pixels on, there is a name beside it; from `textFrom` on a text in it, from `signedFrom`
 * on a sign.
 */
const namedFrom = 10;
const nameSize = 11;
/** The angle of slanted names, in radians. */
const lean = Math.PI / 3;
const textFrom = { width: 36, height: 14 };
const signedFrom = 12;
/** The least fraction of a full colour at which a negative number gets its sign. */
export const leastSigned = 0.05;

/**
 * For maps of wide cells: as much room at the left as the names need, and one line above, where names are cut to the
 * cell's width.
 */
export function wideGutter(rowNames: readonly string[], { textFont }: Colours): Gutter {
  const longest = Math.max(0, ...rowNames.map((name) => textWidth(name, nameSize, textFont)));
  return { left: Math.min(96, Math.ceil(longest) + 12), top: 22, isUpright: true };
}

export function fittingCell({ rows, columns }: Matrix, gutter: Gutter, width: number, largest?: Size): Size {
  const whole = (side: number) => (side >= 1 ? Math.floor(side) : Math.max(side, 0.25));
  const fits = {
    width: (width - gutter.left - overhang - 4) / columns,
    height: (tallest - gutter.top - 16) / rows,
  };
  if (largest) {
    return {
      width: whole(Math.min(fits.width, largest.width)),
      height: whole(Math.min(fits.height, largest.height)),
    };
  }
  const side = whole(Math.min(fits.width, fits.height, 28));
  return { width: side, height: side };
}

export function drawMap(
  canvas: HTMLCanvasElement,
  view: HTMLDivElement,
  tiles: Tiles,
  { cell, gutter, at, names }: MapPlace,
  { matrix, scale, colours, textOf, separators = [], marked }: MapLook,
): void {
  const { clientWidth, clientHeight, scrollLeft: left, scrollTop: top } = view;
  const context = sized(canvas, clientWidth, clientHeight);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, clientWidth, clientHeight);
  const seen = { left, top, width: clientWidth - gutter.left, height: clientHeight - gutter.top };

  context.save();
  context.beginPath();
  context.rect(gutter.left, gutter.top, seen.width, seen.height);
  context.clip();
  context.translate(gutter.left, gutter.top);
  tiles.draw(context, cell, seen);
  const rows = visibleRange(top, seen.height, cell.height, matrix.rows);
  const columns = visibleRange(left, seen.width, cell.width, matrix.columns);
  if (textOf && cell.width >= textFrom.width && cell.height >= textFrom.height)
    drawTexts(context, rows, columns, cell, seen, textOf, { matrix, scale, colours });
  else if (scale.kind === 'diverging' && Math.min(cell.width, cell.height) >= signedFrom)
    drawSigns(context, rows, columns, cell, seen, { matrix, scale, colours });
  context.fillStyle = colours.foreground;
  for (const column of separators) context.fillRect(column * cell.width - left - 1, 0, 2, seen.height);
  context.restore();

  context.font = `${nameSize}px ${colours.textFont}`;
  context.textBaseline = 'middle';
  if (cell.height >= namedFrom) {
    for (const row of rows) {
      const y = gutter.top + (row + 0.5) * cell.height - top;
      if (y < gutter.top) continue;
      const isMarked = row === at?.row || row === marked?.row;
      context.fillStyle = isMarked ? colours.foreground : colours.muted;
      context.textAlign = 'end';
      context.fillText(names.rows.at(row), gutter.left - 6, y);
    }
  }
  if (cell.width >= namedFrom) {
    const isUpright =
      gutter.isUpright ||
      columns.every((column) => context.measureText(names.columns.at(column)).width <= cell.width - 4);
    for (const column of columns) {
      const x = gutter.left + (column + 0.5) * cell.width - left;
      if (x < gutter.left) continue;
      const isMarked = column === at?.column || column === marked?.column;
      context.fillStyle = isMarked ? colours.foreground : colours.muted;
      context.save();
      context.translate(x, gutter.top - (isUpright ? 10 : 6));
      if (!isUpright) context.rotate(-lean);
      context.textAlign = isUpright ? 'center' : 'start';
      context.fillText(names.columns.at(column), 0, 0);
      context.restore();
    }
  }
  context.save();
  context.beginPath();
  context.rect(gutter.left - 2, gutter.top - 2, seen.width + 4, seen.height + 4);
  context.clip();
  context.translate(gutter.left, gutter.top);
  // Not beyond the map, if it is smaller than the view.
  const framed = {
    ...{ left, top },
    width: Math.min(seen.width, matrix.columns * cell.width - left),
    height: Math.min(seen.height, matrix.rows * cell.height - top),
  };
  for (const marking of [marked, at]) drawMarking(context, marking, cell, framed, colours);
  context.restore();
}

/** Colour never stands alone: a stroke marks negative cells that are not close to zero. */
function drawSigns(
  context: CanvasRenderingContext2D,
  rows: readonly number[],
  columns: readonly number[],
  cell: Size,
  { left, top }: { left: number; top: number },
  { matrix, scale, colours }: Pick<MapLook, 'matrix' | 'scale' | 'colours'>,
): void {
  for (const row of rows) {
    for (const column of columns) {
      const value = matrix.values[row * matrix.columns + column]!;
      if (!(value <= -leastSigned * scale.most)) continue;
      context.fillStyle = readableOn(value, scale, colours);
      const [x, y] = [(column + 0.5) * cell.width - left, (row + 0.5) * cell.height - top];
      context.fillRect(Math.round(x) - 3, Math.round(y) - 1, 6, 2);
    }
  }
}

function visibleRange(from: number, length: number, cell: number, count: number): number[] {
  const first = Math.max(0, Math.floor(from / cell));
  const last = Math.min(count - 1, Math.floor((from + length) / cell));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function drawTexts(
  context: CanvasRenderingContext2D,
  rows: readonly number[],
  columns: readonly number[],
  cell: Size,
  { left, top }: { left: number; top: number },
  textOf: (cell: Cell) => string,
  { matrix, scale, colours }: Pick<MapLook, 'matrix' | 'scale' | 'colours'>,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.font = `11px ${colours.textFont}`;
  for (const row of rows) {
    for (const column of columns) {
      const [x, y] = [(column + 0.5) * cell.width - left, (row + 0.5) * cell.height - top];
      const text = fitted(textOf({ row, column }), cell.width - 4, 11, colours.textFont);
      context.fillStyle = readableOn(matrix.values[row * matrix.columns + column]!, scale, colours);
      context.fillText(text, x, y);
    }
  }
}

/** A frame around a cell, or around a whole row or column. */
function drawMarking(
  context: CanvasRenderingContext2D,
  marking: Partial<Cell> | null | undefined,
  cell: Size,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  colours: Colours,
): void {
  if (!marking) return;
  const { row, column } = marking;
  context.strokeStyle = colours.focus;
  context.lineWidth = 1.5;
  const [x, wide] = column === undefined ? [0, width] : [column * cell.width - left, cell.width];
  const [y, high] = row === undefined ? [0, height] : [row * cell.height - top, cell.height];
  if (row === undefined && column === undefined) return;
  context.strokeRect(x, y, Math.max(2, wide), Math.max(2, high));
}

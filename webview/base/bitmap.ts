import { levelOf, type Scale } from './palette.ts';

/** A matrix whose numbers lie row after row. */
export interface Matrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

/** One pixel per number. @param table from `lookup` */
export function bitmapOf(
  { columns, values }: Matrix,
  scale: Scale,
  table: Uint8ClampedArray,
  part: { row: number; column: number; rows: number; columns: number },
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = part.columns;
  canvas.height = part.rows;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(part.columns, part.rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = new Uint32Array(table.buffer, table.byteOffset, table.length / 4);
  // Bytes have 256 values, so that their levels need not be found one by one.
  const levels =
    values instanceof Uint8Array
      ? Uint8Array.from({ length: 256 }, (_, value) => levelOf(value, scale))
      : null;
  for (let row = 0; row < part.rows; row++) {
    const from = (part.row + row) * columns + part.column;
    for (let column = 0; column < part.columns; column++) {
      const value = values[from + column]!;
      pixels[row * part.columns + column] = colours[levels ? levels[value]! : levelOf(value, scale)]!;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Of 512 × 512 numbers, each made when it is seen first. */
const tileSize = 512;

/**
 * A matrix as bitmaps that are made when they are needed. If a number has less than a pixel, several numbers share one,
 * which shows the strongest of them: with every other row left out, a diagonal would come and go.
 */
export class Tiles {
  /** Levels, beginning with the matrix itself; each has half the rows and columns of the one before. */
  readonly #matrices: Matrix[];
  readonly #scale: Scale;
  readonly #table: Uint8ClampedArray;
  readonly #made = new Map<string, HTMLCanvasElement>();

  constructor(matrix: Matrix, scale: Scale, table: Uint8ClampedArray) {
    this.#matrices = [matrix];
    this.#scale = scale;
    this.#table = table;
  }

  /** Draws what lies in the window; all in pixels of the whole map, in which a number takes up `cell`. */
  draw(
    context: CanvasRenderingContext2D,
    whole: { width: number; height: number },
    { left, top, width, height }: { left: number; top: number; width: number; height: number },
  ): void {
    const smaller = Math.min(whole.width, whole.height) * (window.devicePixelRatio || 1);
    const level = smaller < 1 ? Math.ceil(-Math.log2(smaller)) : 0;
    const { rows, columns } = this.#pooled(level);
    const cell = { width: whole.width * 2 ** level, height: whole.height * 2 ** level };
    const step = { x: tileSize * cell.width, y: tileSize * cell.height };
    context.imageSmoothingEnabled = false;
    const [right, bottom] = [
      Math.min(left + width, columns * cell.width),
      Math.min(top + height, rows * cell.height),
    ];
    for (let row = Math.floor(top / step.y); row * step.y < bottom; row++) {
      for (let column = Math.floor(left / step.x); column * step.x < right; column++) {
        const tile = this.#tile(level, row, column);
        const [x, y] = [column * step.x - left, row * step.y - top];
        context.drawImage(tile, x, y, tile.width * cell.width, tile.height * cell.height);
      }
    }
  }

  #pooled(level: number): Matrix {
    while (this.#matrices.length <= level) this.#matrices.push(halved(this.#matrices.at(-1)!));
    return this.#matrices[level]!;
  }

  #tile(level: number, row: number, column: number): HTMLCanvasElement {
    const key = `${level} ${row} ${column}`;
    let tile = this.#made.get(key);
    if (!tile) {
      const [top, left] = [row * tileSize, column * tileSize];
      const matrix = this.#pooled(level);
      const { rows, columns } = matrix;
      tile = bitmapOf(matrix, this.#scale, this.#table, {
        row: top,
        column: left,
        rows: Math.min(tileSize, rows - top),
        columns: Math.min(tileSize, columns - left),
      });
      this.#made.set(key, tile);
    }
    return tile;
  }
}

/** Halves a matrix: each number is the one of largest magnitude of two by two. */
function halved({ rows, columns, values }: Matrix): Matrix {
  const half = { rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2) };
  const strongest = new Float32Array(half.rows * half.columns);
  for (let row = 0; row < rows; row++) {
    const to = (row >> 1) * half.columns;
    for (let column = 0; column < columns; column++) {
      const [at, value] = [to + (column >> 1), values[row * columns + column]!];
      if (Math.abs(value) > Math.abs(strongest[at]!)) strongest[at] = value;
    }
  }
  return { ...half, values: strongest };
}

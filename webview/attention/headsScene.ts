/** All heads of a model as one picture: layers × heads small maps. */
import type { AttentionThumbnails } from '../../src/protocol/results.ts';
import { bitmapOf } from '../base/bitmap.ts';
import type { Colours } from '../base/colours.ts';
import { lookup, type Scale } from '../base/palette.ts';
import type { Scene, Shape } from '../base/scene.ts';
import type { Head } from './headLabels.ts';

/** Where the small maps lie, in pixels of the page. */
export interface Grid {
  layers: number;
  heads: number;
  /** Of one map, and from one to the next. */
  side: number;
  step: number;
}

const gutter = { left: 30, top: 22 };
const gap = 5;
const sides = { least: 22, most: 92 };
/** Grids that fit into it are seen whole. */
const wantedHeight = 620;

/** As large as the width allows, and the height if the letters can still be read. */
export function gridFor(layers: number, heads: number, width: number): Grid {
  const wide = Math.floor((width - gutter.left) / heads) - gap;
  const high = Math.max(36, Math.floor(wantedHeight / layers) - gap);
  const side = Math.max(sides.least, Math.min(sides.most, wide, high));
  return { layers, heads, side, step: side + gap };
}

export function headAt({ layers, heads, step }: Grid, x: number, y: number): Head | null {
  const [head, layer] = [Math.floor((x - gutter.left) / step), Math.floor((y - gutter.top) / step)];
  return head >= 0 && layer >= 0 && head < heads && layer < layers ? { layer, head } : null;
}

export function placeOf({ step }: Grid, { layer, head }: Head): { x: number; y: number } {
  return { x: gutter.left + head * step, y: gutter.top + layer * step };
}

/** Weights are in 1/255. */
const thumbnailScale: Scale = { kind: 'sequential', most: 255 };

/** One bitmap per head, in their order. */
export function headBitmaps(
  { layers, heads, size, weights }: AttentionThumbnails,
  colours: Colours,
): HTMLCanvasElement[] {
  const table = lookup(thumbnailScale, colours);
  const matrix = { rows: layers * heads * size, columns: size, values: weights };
  return Array.from({ length: layers * heads }, (_, at) =>
    bitmapOf(matrix, thumbnailScale, table, { row: at * size, column: 0, rows: size, columns: size }),
  );
}

interface What {
  grid: Grid;
  bitmaps: readonly HTMLCanvasElement[];
  /** One letter per head, empty for those without a label. */
  letters: readonly string[];
  isOff: (head: Head) => boolean;
}

export function headsScene({ grid, bitmaps, letters, isOff }: What, colours: Colours): Scene {
  const { layers, heads, side, step } = grid;
  const words = { kind: 'words' as const, fill: colours.muted, size: 11, font: colours.font };
  const shapes: Shape[] = [];
  for (let head = 0; head < heads; head++) {
    const x = gutter.left + head * step + side / 2;
    shapes.push({ ...words, x, y: gutter.top - 7, text: String(head), anchor: 'middle' });
  }
  for (let layer = 0; layer < layers; layer++) {
    const y = gutter.top + layer * step + side / 2 + 4;
    shapes.push({ ...words, x: gutter.left - 8, y, text: String(layer), anchor: 'end' });
    for (let head = 0; head < heads; head++) {
      const at = layer * heads + head;
      const place = { ...placeOf(grid, { layer, head }), width: side, height: side };
      shapes.push({ kind: 'bitmap', ...place, canvas: bitmaps[at]! });
      shapes.push({ kind: 'rect', ...place, fill: 'none', stroke: colours.line });
      if (isOff({ layer, head })) shapes.push(...cross(place, colours));
      shapes.push(...labelOf(letters[at] ?? '', place, colours));
    }
  }
  return {
    width: gutter.left + heads * step,
    height: gutter.top + layers * step,
    background: colours.background,
    shapes,
  };
}

/** In the upper right half, which no attention goes to. */
function labelOf(
  letter: string,
  { x, y, width }: { x: number; y: number; width: number },
  colours: Colours,
): Shape[] {
  if (letter === '') return [];
  const size = Math.max(10, Math.min(14, Math.round(width / 4)));
  const place = { x: x + width - 4, y: y + size + 1, anchor: 'end' as const };
  return [
    { kind: 'words', ...place, text: letter, fill: colours.foreground, size, font: colours.font, bold: true },
  ];
}

function cross(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  colours: Colours,
): Shape[] {
  const line = { kind: 'line' as const, stroke: colours.against, width: 2 };
  return [
    { kind: 'rect', x, y, width, height, fill: 'none', stroke: colours.against, dashed: true },
    { ...line, from: [x + 3, y + 3], to: [x + width - 3, y + height - 3] },
    { ...line, from: [x + width - 3, y + 3], to: [x + 3, y + height - 3] },
  ];
}

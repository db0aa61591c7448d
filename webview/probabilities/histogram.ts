/** How often each of some values occurs, as columns beside each other. */
import type { Colours } from '../base/colours.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { textWidth } from '../base/textWidth.ts';

export interface Column {
  /** Below it; left out where it has no room. */
  name: string;
  count: number;
  /** Null: an outline only. */
  fill: string | null;
}

const size = 11;
const [top, plot, bottom] = [18, 90, 20];
/** Wider columns would look like blocks. */
const widest = 64;

/** One item per column; its count stands above it. @param read a count as it is read */
export function histogram(
  columns: readonly Column[],
  read: (count: number) => string,
  width: number,
  colours: Colours,
): Scene {
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const step = Math.min(widest, width / Math.max(1, columns.length));
  const [base, height] = [top + plot, top + plot + bottom];
  const words = { kind: 'words' as const, size, font: colours.font, anchor: 'middle' as const };
  const fits = (text: string) => textWidth(text, size, colours.font) <= step - 2;
  const areNamed = columns.every(({ name }) => fits(name));
  const shapes: Shape[] = [];
  for (const [item, { name, count, fill }] of columns.entries()) {
    const [x, high] = [item * step, (plot * count) / most];
    const middle = x + step / 2;
    shapes.push({ kind: 'rect', x, y: 0, width: step, height, fill: 'none', item });
    const column = { kind: 'rect' as const, x: x + 2, y: base - high, width: step - 4, height: high };
    shapes.push({ ...column, fill: fill ?? 'none', ...(fill === null && { stroke: colours.muted }) });
    if (fits(read(count))) {
      shapes.push({ ...words, x: middle, y: base - high - 5, text: read(count), fill: colours.foreground });
    }
    // Where not all names have room, every second one has.
    if (areNamed || item % 2 === 0) {
      shapes.push({ ...words, x: middle, y: height - 5, text: name, fill: colours.muted });
    }
  }
  const line = { kind: 'line' as const, stroke: colours.muted, width: 1 };
  shapes.push({ ...line, from: [0, base], to: [columns.length * step, base] });
  return { width: Math.ceil(columns.length * step), height, background: colours.background, shapes };
}

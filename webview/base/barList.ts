import type { ColourName, Colours } from './colours.ts';
import { hatch } from './hatch.ts';
import type { Scene, Shape } from './scene.ts';
import { fitted, textWidth } from './textWidth.ts';

export interface Bar {
  name: string;
  value: number;
  /** The number as it is read. */
  text: string;
  /** A thinner bar behind, on the same scale: the same by another measure. */
  other?: number;
  colour?: ColourName;
  bold?: boolean;
  /** Only its dashed outline is drawn. */
  hollow?: boolean;
  /** Striped: what it says is doubted. */
  hatched?: boolean;
  /** A line divides it from what is above. */
  ruled?: boolean;
}

interface BarListOptions {
  width: number;
  /** The value of a full bar; by default the largest magnitude. */
  most?: number;
  /** Bars go to both sides of a line in the middle. Negative ones are dashed besides. */
  signed: boolean;
  /** Pixels that are kept free for the numbers. */
  numberWidth?: number;
  /** What the numbers are, above them. */
  heading?: string;
}

const size = 12;
const rowHeight = 22;
const [headingSize, headingHeight] = [11, 18];

/** Names, bars and numbers, one item per row. */
export function barList(
  bars: readonly Bar[],
  { width, most, signed, numberWidth = 92, heading }: BarListOptions,
  colours: Colours,
): Scene {
  const longest = Math.max(0, ...bars.map(({ name }) => textWidth(name, size, colours.textFont)));
  // Beside a text there is little room: the bars need some of it too.
  const widest = Math.max(Math.min(130, width * 0.35), Math.min(220, width * 0.3));
  const nameWidth = Math.min(longest + 2, widest);
  const largest =
    most ?? Math.max(0, ...bars.map(({ value, other = 0 }) => Math.max(Math.abs(value), Math.abs(other))));
  const room = Math.max(10, width - nameWidth - numberWidth - 16);
  const axis = nameWidth + 8 + (signed ? room / 2 : 0);
  const length = (value: number) =>
    largest > 0 ? (Math.abs(value) / largest) * (signed ? room / 2 : room) : 0;
  const shapes: Shape[] = [];
  const top = heading === undefined ? 0 : headingHeight;
  if (heading !== undefined) {
    const look = { fill: colours.muted, size: headingSize, font: colours.font, anchor: 'end' as const };
    shapes.push({ kind: 'words', x: width - 4, y: headingSize + 1, text: heading, ...look });
  }
  for (const [item, bar] of bars.entries()) {
    const y = top + item * rowHeight;
    shapes.push({ kind: 'rect', x: 0, y, width, height: rowHeight, fill: 'none', item });
    if (bar.ruled) {
      shapes.push({ kind: 'line', from: [0, y], to: [width, y], stroke: colours.line, width: 1 });
    }
    const words = {
      kind: 'words' as const,
      y: y + 15,
      fill: colours.foreground,
      size,
      bold: bar.bold ?? false,
    };
    const name = fitted(bar.name, nameWidth, size, colours.textFont);
    shapes.push({ ...words, x: nameWidth, text: name, font: colours.textFont, anchor: 'end' });
    shapes.push({ ...words, x: width - 4, text: bar.text, font: colours.font, anchor: 'end' });
    const isAgainst = bar.value < 0;
    const colour = colours[bar.colour ?? (isAgainst ? 'against' : 'for')];
    const long = length(bar.value);
    const x = isAgainst ? axis - long : axis;
    const place = { kind: 'rect' as const, y: y + 4, height: rowHeight - 8, x, width: long };
    const outlined = { stroke: colour, dashed: true };
    if (bar.hollow) shapes.push({ ...place, fill: 'none', ...outlined });
    else if (isAgainst) shapes.push({ ...place, fill: colours.againstFill, ...outlined });
    else shapes.push({ ...place, fill: colour });
    // A full bar is as dark as letters are, or as bright.
    const isFull = !isAgainst && !bar.hollow;
    if (bar.hatched) shapes.push(...hatch(place, isFull ? colours.background : colours.foreground));
    if (bar.other !== undefined) {
      const other = length(bar.other);
      const start = bar.other < 0 ? axis - other : axis;
      shapes.push({ kind: 'rect', x: start, y: y + 9, width: other, height: 4, fill: colours.foreground });
    }
  }
  const height = top + Math.max(1, bars.length) * rowHeight;
  if (signed)
    shapes.push({ kind: 'line', from: [axis, top], to: [axis, height], stroke: colours.muted, width: 1 });
  return { width, height, background: colours.background, shapes };
}

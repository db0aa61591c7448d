import type { Colours } from '../base/colours.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { textWidth } from '../base/textWidth.ts';

interface RankPoint {
  /** Of the layer, and the same where there is little room. */
  name: string;
  shortName: string;
  rank: number;
  rankText: string;
}

const size = 11;
const [top, plot, bottom, left, right] = [22, 120, 40, 64, 36];

/**
 * Ranks from layer to layer as a line with their numbers: rank 1 at the top, each power of ten as far from the next.
 * Numbers that have no room are left out.
 * @param read a rank as it is read
 */
export function rankLine(
  points: readonly RankPoint[],
  read: (rank: number) => string,
  width: number,
  colours: Colours,
): Scene {
  const last = Math.max(10, ...points.map(({ rank }) => rank));
  const step = points.length > 1 ? (width - left - right) / (points.length - 1) : 0;
  const x = (place: number) => left + place * step;
  const y = (rank: number) => top + (plot * Math.log(rank)) / Math.log(last);
  const height = top + plot + bottom;
  const words = { kind: 'words' as const, size, font: colours.font, fill: colours.muted };
  const shapes: Shape[] = [];
  for (let rank = 1; rank <= last; rank *= 10) {
    const line = { kind: 'line' as const, stroke: colours.line, width: 1, dashed: rank > 1 };
    shapes.push({ ...line, from: [left - 18, y(rank)], to: [width - 8, y(rank)] });
    shapes.push({ ...words, x: left - 22, y: y(rank) + 4, text: read(rank), anchor: 'end' });
  }
  for (const [place, { rank }] of points.entries()) {
    const before = points[place - 1];
    if (!before) continue;
    const ends = { from: [x(place - 1), y(before.rank)], to: [x(place), y(rank)] } as const;
    shapes.push({ kind: 'line', ...ends, stroke: colours.for, width: 2 });
  }
  const fits = (text: string) => textWidth(text, size, colours.font) <= step - 2;
  const isNamedShortly = !points.slice(1, -1).every(({ name }) => fits(name));
  for (const [item, { name, shortName, rank, rankText }] of points.entries()) {
    const wide = Math.max(12, Math.min(step, 2 * right));
    shapes.push({ kind: 'rect', x: x(item) - wide / 2, y: 0, width: wide, height, fill: 'none', item });
    const dot = { x: x(item) - 3, y: y(rank) - 3, width: 6, height: 6 };
    shapes.push({ kind: 'rect', ...dot, fill: colours.for });
    const middle = { ...words, x: x(item), anchor: 'middle' as const };
    if (fits(rankText)) {
      // Where the line comes down to a point and goes up again, there is room below it.
      const beside = [points[item - 1], points[item + 1]].map((other) => other?.rank ?? 0);
      const at = { y: y(rank) + (rank > Math.max(...beside) ? 16 : -8), fill: colours.foreground };
      shapes.push({ ...middle, ...at, text: rankText, bold: rank === 1 });
    }
    shapes.push({ ...middle, y: height - 6, text: isNamedShortly ? shortName : name });
  }
  return { width, height, background: colours.background, shapes };
}

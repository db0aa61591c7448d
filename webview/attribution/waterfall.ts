import type { Colours } from '../base/colours.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { fitted, textWidth } from '../base/textWidth.ts';
import type { Row } from './rows.ts';

interface WaterfallOptions {
  width: number;
  /** f(x′), where it begins, and f(x), where it must end; null: it is not known yet. */
  from: { value: number | null; text: string };
  to: { value: number; text: string } | null;
  read: (value: number) => string;
}

const size = 12;
const rowHeight = 22;
const numberWidth = 76;
/** How much wider bold letters are. */
const boldness = 1.1;

/** From f(baseline) to f(x), one contribution after the other: each begins where the one before it ended. */
export function waterfall(rows: readonly Row[], options: WaterfallOptions, colours: Colours): Scene {
  const { width, from, to, read } = options;
  const nameWidth = Math.min(220, width * 0.3);
  const begin = from.value ?? 0;
  const steps = [begin];
  for (const { score } of rows) steps.push(steps.at(-1)! + score);
  const reached = to ? [...steps, to.value] : steps;
  const [least, most] = [Math.min(...reached), Math.max(...reached)];
  const room = Math.max(10, width - nameWidth - numberWidth - 24);
  const place = (value: number) =>
    nameWidth + 12 + (most > least ? ((value - least) / (most - least)) * room : room / 2);
  const shapes: Shape[] = [];
  const words = { kind: 'words' as const, fill: colours.foreground, size, font: colours.font };
  const height = (rows.length + 2) * rowHeight;
  const level = (value: number, y: number, text: string) => {
    const x = place(value);
    shapes.push({
      kind: 'line',
      from: [x, y + 2],
      to: [x, y + rowHeight - 2],
      stroke: colours.foreground,
      width: 2,
    });
    // Beside its mark, where there is more room: with its number it is longer than a token's name.
    const [before, behind] = [x - 8, width - x - 8];
    const anchor =
      before >= Math.min(behind, boldness * textWidth(text, size, colours.font)) ? 'end' : 'start';
    const shown = fitted(text, Math.max(before, behind) / boldness, size, colours.font);
    shapes.push({
      ...words,
      x: anchor === 'end' ? x - 6 : x + 6,
      y: y + 15,
      text: shown,
      anchor,
      bold: true,
    });
  };

  level(begin, 0, from.text);
  for (const [item, { text, score }] of rows.entries()) {
    const y = (item + 1) * rowHeight;
    const [start, end] = [place(steps[item]!), place(steps[item + 1]!)];
    const isAgainst = score < 0;
    shapes.push({ kind: 'rect', x: 0, y, width, height: rowHeight, fill: 'none', item });
    shapes.push({
      ...words,
      x: nameWidth,
      y: y + 15,
      text: fitted(text, nameWidth, size, colours.textFont),
      font: colours.textFont,
      anchor: 'end',
    });
    const bar = {
      kind: 'rect' as const,
      x: Math.min(start, end),
      y: y + 4,
      width: Math.max(1, Math.abs(end - start)),
      height: rowHeight - 8,
    };
    const colour = isAgainst ? colours.against : colours.for;
    shapes.push(
      isAgainst
        ? { ...bar, fill: colours.againstFill, stroke: colour, dashed: true }
        : { ...bar, fill: colour },
    );
    const below = item === rows.length - 1 ? y + rowHeight + 2 : y + rowHeight + 4;
    shapes.push({ kind: 'line', from: [end, y + 4], to: [end, below], stroke: colours.muted, width: 1 });
    shapes.push({ ...words, x: width - 4, y: y + 15, text: read(score), anchor: 'end' });
  }
  if (to) level(to.value, height - rowHeight, to.text);
  return { width, height, background: colours.background, shapes };
}

import type { Colours } from '../base/colours.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { fitted } from '../base/textWidth.ts';

export interface Curve {
  name: string;
  values: readonly number[];
  kind: 'own' | 'chance' | 'best';
}

interface Axes {
  width: number;
  title: string;
  /** Below the title: by which way of removing. */
  subtitle: string;
  /** How many tokens each value is at, and how many there are. */
  counts: readonly number[];
  tokens: number;
  /** f where nothing is removed, or all is: where the curves begin. */
  start: number;
  read: (value: number) => string;
  /** The range that several pictures share. */
  range: readonly [least: number, most: number];
}

const size = 11;
/** Bold letters are as wide as larger ones. */
const boldSize = size * 1.15;
const [top, plot, bottom, left, right] = [38, 110, 22, 52, 8];

/** f against the number of tokens that are removed or kept: by an explanation, by chance, and at best. */
export function curvesScene(curves: readonly Curve[], axes: Axes, colours: Colours): Scene {
  const { width, counts, tokens, start, read, title, subtitle } = axes;
  const [least, most] = axes.range;
  const room = Math.max(10, width - left - right);
  const x = (count: number) => left + (count / Math.max(1, tokens)) * room;
  const y = (value: number) => top + plot - ((value - least) / (most - least || 1)) * plot;
  const words = { kind: 'words' as const, size, font: colours.font, fill: colours.muted };
  const heading = { ...words, x: 0, fill: colours.foreground };
  const shapes: Shape[] = [
    { ...heading, y: 12, text: fitted(title, width, boldSize, colours.font), bold: true },
    { ...heading, y: 27, text: fitted(subtitle, width, size, colours.font) },
  ];
  for (const value of [least, most]) {
    const line = { kind: 'line' as const, stroke: colours.line, width: 1 };
    shapes.push({ ...line, from: [left, y(value)], to: [width - right, y(value)] });
    shapes.push({ ...words, x: left - 4, y: y(value) + 4, text: read(value), anchor: 'end' });
  }
  shapes.push({ ...words, x: left, y: top + plot + 15, text: '0' });
  shapes.push({ ...words, x: width - right, y: top + plot + 15, text: String(tokens), anchor: 'end' });
  const looks = {
    chance: { stroke: colours.muted, width: 1.5, dashed: true },
    best: { stroke: colours.against, width: 1.5 },
    own: { stroke: colours.for, width: 2.5 },
  };
  for (const kind of ['chance', 'best', 'own'] as const) {
    for (const { values } of curves.filter((curve) => curve.kind === kind)) {
      let from: [number, number] = [x(0), y(start)];
      for (const [at, value] of values.entries()) {
        const to: [number, number] = [x(counts[at]!), y(value)];
        shapes.push({ kind: 'line', from, to, ...looks[kind] });
        from = to;
      }
    }
  }
  return { width, height: top + plot + bottom, background: colours.background, shapes };
}

/** Which line is which. */
export function curvesLegend(
  curves: readonly Pick<Curve, 'name' | 'kind'>[],
  width: number,
  colours: Colours,
): Scene {
  const shapes: Shape[] = [];
  for (const [row, { name, kind }] of curves.entries()) {
    const y = 8 + row * 18;
    const stroke = { own: colours.for, chance: colours.muted, best: colours.against }[kind];
    const line = { kind: 'line' as const, stroke, width: kind === 'own' ? 2.5 : 1.5 };
    shapes.push({ ...line, from: [0, y], to: [26, y], ...(kind === 'chance' && { dashed: true }) });
    const words = { kind: 'words' as const, size, font: colours.font, fill: colours.foreground };
    shapes.push({ ...words, x: 32, y: y + 4, text: name });
  }
  return { width, height: curves.length * 18, background: colours.background, shapes };
}

/** Tokens in one line, with arcs from one of them, the query, to its strongest keys. */
import { visible } from '../../src/text/visible.ts';
import type { Colours } from '../base/colours.ts';
import { moved } from '../base/moved.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { textWidth } from '../base/textWidth.ts';
import { tokenStrip } from '../base/tokenStrip.ts';
import type { Weight } from './weights.ts';

interface What {
  /** The model's tokens, which may be hostile. */
  texts: readonly string[];
  query: number;
  keys: readonly Weight[];
  /** The weight of the widest arc. */
  most: number;
  read: (weight: number) => string;
}

const highest = 130;
const stripHeight = 24;
const numbersHeight = 18;
const size = 11;

export function arcsScene({ texts, query, keys, most, read }: What, colours: Colours): Scene {
  const linked = new Set(keys.map(({ key }) => key));
  const none = { stroke: colours.attention, width: 0, dashed: false };
  // Already made visible, so that a line break does not begin a new line here.
  const strip = tokenStrip(
    texts.map((text, token) => ({
      text: visible(text),
      fill: linked.has(token) ? colours.attentionFill : null,
      line: linked.has(token) ? { ...none, width: 2 } : none,
      framed: token === query,
    })),
    Number.POSITIVE_INFINITY,
    colours,
  );
  const boxes = strip.shapes.filter((shape) => shape.kind === 'rect');
  const middles = boxes.map(({ x, width }) => x + width / 2);
  const top = highest + 6;
  const last = boxes.at(-1);
  return {
    width: last ? last.x + last.width + 2 : 1,
    height: top + stripHeight + numbersHeight,
    background: colours.background,
    shapes: [
      ...arcsTo(keys, middles, query, top, most, colours),
      ...strip.shapes.map((shape) => moved(shape, 0, top)),
      ...numbersBelow(keys, middles, top + stripHeight + 12, read, colours),
    ],
  };
}

function arcsTo(
  keys: readonly Weight[],
  middles: readonly number[],
  query: number,
  y: number,
  most: number,
  colours: Colours,
): Shape[] {
  const from = middles[query]!;
  // The strongest last, over the others.
  return keys.toReversed().map(({ key, weight }) => {
    // A token's attention to itself is a small loop.
    const [start, end] = key === query ? [from - 5, from + 5] : [from, middles[key]!];
    const rise = Math.min(highest, 16 + Math.abs(end - start) / 4);
    const width = 1 + (most > 0 ? (5 * weight) / most : 0);
    return { kind: 'arc', from: [start, y], to: [end, y], rise, stroke: colours.attention, width };
  });
}

/** The strongest first. A number that would overlap another one is only in the list of keys. */
function numbersBelow(
  keys: readonly Weight[],
  middles: readonly number[],
  y: number,
  read: (weight: number) => string,
  colours: Colours,
): Shape[] {
  const taken: [number, number][] = [];
  const shapes: Shape[] = [];
  for (const { key, weight } of keys) {
    const text = read(weight);
    const half = textWidth(text, size, colours.font) / 2 + 3;
    const x = Math.max(middles[key]!, half);
    if (taken.some(([left, right]) => x - half < right && x + half > left)) continue;
    taken.push([x - half, x + half]);
    const look = { fill: colours.foreground, size, font: colours.font, anchor: 'middle' as const };
    shapes.push({ kind: 'words', x, y, text, ...look });
  }
  return shapes;
}

import type { ThemableDecorationInstanceRenderOptions } from 'vscode';
import { key, maxKeys, planes, query, top } from './anchors.ts';
import { besideText, type Declarations, themeColour } from './css.ts';
import { cssUrl, element, rounded } from './svg.ts';

/** Steps of an arc's width and opacity. */
export const arcLevels = 8;

export interface Arc {
  /** Index of the key among the weights. */
  key: number;
  /** From 1 to {@link arcLevels}. */
  level: number;
}

/**
 * The keys that arcs are drawn from, in the order of the text: those with the largest weights, each above a fiftieth of
 * the largest. Of equal weights the later one is preferred.
 * @param weights of the keys before the query; not negative
 */
export function strongestKeys(weights: ArrayLike<number>, limit = maxKeys): Arc[] {
  const ranked = Array.from(weights, (weight, key) => ({ key, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || b.key - a.key);
  const largest = ranked[0]?.weight ?? 0;
  return ranked
    .slice(0, limit)
    .filter(({ weight }) => weight > largest / 50)
    .map(({ key, weight }) => ({ key, level: Math.max(1, Math.round((weight / largest) * arcLevels)) }))
    .sort((a, b) => a.key - b.key);
}

/** Where in the key's line an arc begins, and how far it reaches into the query's, in line heights. */
const [start, reach] = [0.65, 0.1];
/** How far an arc to a key on the same line rises above it; less than the distance to a key one line higher. */
const rise = 0.25;
/** Keeps the box from having no width if the key is straight above. */
const margin = '2px';

/**
 * The arc from the key of a slot to the query, for an empty range at the query's end. It is behind the text and lets
 * clicks through. It is drawn in two boxes, one for each direction between the anchors. The box of the wrong direction
 * has no width, so it does not matter which token is further left. The arc of a key above the screen comes from the
 * upper edge.
 * @param level from 1 to {@link arcLevels}
 */
export function arcFrom(slot: number, level: number): ThemableDecorationInstanceRenderOptions {
  const above = `calc(anchor(${top} top, -100vh) - 1lh)`;
  const below = `calc(anchor(${query} top) - ${rise}lh)`;
  const shared: Declarations = {
    position: 'fixed',
    'z-index': String(planes.arcs),
    'pointer-events': 'none',
    opacity: String(rounded(0.3 + (0.5 * level) / arcLevels)),
    background: themeColour('whytoken.attentionBorder'),
    top: `max(0px, min(anchor(${key(slot)} ${start * 100}%, ${above}), ${below}))`,
    // On the document's first line there is no room above the text, so the arc overlaps it.
    bottom: `min(anchor(${query} top) - ${reach}lh, 100% - ${rounded(rise + reach)}lh)`,
  };
  const sides = (from: string) => {
    const far = `calc(anchor(${key(slot)} center, ${from}) - ${margin})`;
    const near = `calc(anchor(${query} center) - ${margin})`;
    return { far, near };
  };
  // Where these arcs come from is not known, so they are spread out.
  const left = sides(`calc(anchor(${query} center) - ${24 + 12 * slot}px)`);
  const right = sides(`calc(anchor(${query} center) + 2 * ${margin})`);
  return {
    before: besideText({ ...shared, left: left.far, right: left.near, mask: strokes('left', level) }),
    after: besideText({ ...shared, right: right.far, left: right.near, mask: strokes('right', level) }),
  };
}

/** Two pictures, of which the box's height shows one: an arch in a box as low as for a key on the same line. */
function strokes(side: 'left' | 'right', level: number): string {
  const limit = `${rounded((rise + 1 - start) / 2 + reach)}lh`;
  // Down beside the key, then along the gap above the query's line, where least text is crossed.
  const falling = side === 'left' ? 'M0 0C0 80 8 98 100 100' : 'M100 0C100 80 92 98 0 100';
  const high = `max(0px, min(100%, (100% - ${limit}) * 1000))`;
  const low = `max(0px, min(100%, (${limit} - 100%) * 1000))`;
  return [
    `${stroke(falling, level)} 0 0 / 100% ${high} no-repeat`,
    `${stroke('M0 100C4 -20 96 -20 100 100', level)} 0 0 / 100% ${low} no-repeat`,
  ].join(', ');
}

function stroke(d: string, level: number): string {
  const path = element('path', {
    d,
    fill: 'none',
    stroke: '#000',
    'stroke-width': 1 + (2.5 * level) / arcLevels,
    'vector-effect': 'non-scaling-stroke',
  });
  const xmlns = 'http://www.w3.org/2000/svg';
  return cssUrl(element('svg', { xmlns, viewBox: '0 0 100 100', preserveAspectRatio: 'none' }, path));
}

import type { ThemableDecorationInstanceRenderOptions } from 'vscode';
import { key, lackAboveQuery, maxKeys, planes, query, top } from './anchors.ts';
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

/**
 * An arc is drawn in a box between its two ends, of which the height tells the shape, in line heights: an arch over the
 * query's line; the same below that line where there is nothing above it in sight; an arch over the line above; and from
 * further above a fall beside the key, then along the gap above the query's line. What is flat of them lies in gaps
 * between lines, where least text is crossed.
 */
const heights = { arch: 1, below: 1.05, above: 1.1, falling: 1.4 };
/** How much higher an arch is for each line that its key is higher, and where in its key's line a fall begins. */
const [steepness, start] = [heights.above - heights.arch, 2 - heights.falling];
/** How high an arch is. Those of the nearest keys, which are short, are lower. */
const [lowest, highest] = [0.6, 0.94];
/** Keeps the box from having no width if the key is straight above. */
const margin = '2px';

/**
 * The arc from the key of a slot to the query, for an empty range at the query's end. It is behind the text and lets
 * clicks through. It is drawn in two boxes, one for each direction between the anchors. The box of the wrong direction
 * has no width, so it does not matter which token is further left. The arc of a key above the screen comes from the
 * upper edge.
 * @param level from 1 to {@link arcLevels}
 * @param slots how many keys have arcs; the last is the nearest to the query
 */
export function arcFrom(slot: number, level: number, slots: number): ThemableDecorationInstanceRenderOptions {
  const above = `calc(anchor(${top} top, -100vh) - 1lh)`;
  const [from, to] = [`anchor(${key(slot)} top, ${above})`, `anchor(${query} top)`];
  const arch = `${to} - ${heights.arch}lh - ${rounded(steepness)} * (${to} - ${from})`;
  const falling = `${from} + ${rounded(start)}lh`;
  // Positive if the key is on the query's line and nothing above it in sight. Measured from below, signs are reversed.
  const lack = `min(${lackAboveQuery}, 0.5lh - (${to} - ${from}))`;
  const far = `anchor(${key(slot)} top, 1e6px)`;
  const lackFromBelow = `min(0.7lh + ${to} - anchor(${top} top, 1e6px), 0.5lh + ${to} - ${far})`;
  const flip = (lack: string, by: number) => `clamp(0px, 1000 * ${lack}, ${rounded(by)}lh)`;
  const shared: Declarations = {
    position: 'fixed',
    'z-index': String(planes.arcs),
    'pointer-events': 'none',
    opacity: String(rounded(0.3 + (0.5 * level) / arcLevels)),
    background: themeColour('whytoken.attentionBorder'),
    top: `calc(min(${arch}, ${falling}) + ${flip(lack, heights.arch + 1)})`,
    bottom: `calc(${to} - ${flip(lackFromBelow, 1 + heights.below)})`,
  };
  const sides = (from: string) => {
    const far = `calc(anchor(${key(slot)} center, ${from}) - ${margin})`;
    const near = `calc(anchor(${query} center) - ${margin})`;
    return { far, near };
  };
  // Where these arcs come from is not known, so they are spread out.
  const left = sides(`calc(anchor(${query} center) - ${24 + 12 * slot}px)`);
  const right = sides(`calc(anchor(${query} center) + 2 * ${margin})`);
  const rise = highest - (highest - lowest) * (slot / Math.max(1, slots - 1)) ** 4;
  const mask = (side: 'left' | 'right') => strokes(side, level, rise);
  return {
    before: besideText({ ...shared, left: left.far, right: left.near, mask: mask('left') }),
    after: besideText({ ...shared, right: right.far, left: right.near, mask: mask('right') }),
  };
}

/** A picture for each height of the box; the others are no higher than nothing. */
function strokes(side: 'left' | 'right', level: number, rise: number): string {
  /** How far from the box's upper edge, in percent, a curve has its control points for a peak so many lines high. */
  const control = (box: number, peak: number) => (100 * (box - peak / 0.75)) / box;
  const [high, low] = [control(heights.arch, rise), control(heights.below, rise)];
  const shapes = {
    arch: [0, 100, 6, high, 94, high, 100, 100],
    below: [0, 0, 6, 100 - low, 94, 100 - low, 100, 0],
    // From the middle of the key's line.
    above: [0, 54, 4, -3, 94, -18, 100, 100],
    falling: [0, 0, 0, 80, 8, 98, 100, 100],
  };
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  const between = (i: number) => rounded((heights[names[i]!] + heights[names[i + 1]!]) / 2);
  return names
    .map((name, i) => {
      const points = shapes[name].map((value, at) =>
        rounded(side === 'right' && at % 2 === 0 ? 100 - value : value),
      );
      const picture = stroke(`M${points.slice(0, 2).join(' ')}C${points.slice(2).join(' ')}`, level);
      const limits = [
        '100%',
        ...(i > 0 ? [`(100% - ${between(i - 1)}lh) * 1000`] : []),
        ...(i < names.length - 1 ? [`(${between(i)}lh - 100%) * 1000`] : []),
      ];
      return `${picture} 0 0 / 100% max(0px, min(${limits.join(', ')})) no-repeat`;
    })
    .join(', ');
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

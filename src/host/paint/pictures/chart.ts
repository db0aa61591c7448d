import { element, picture } from './svg.ts';

/** A picture in Markdown cannot know the theme's colours: these have a contrast of 3:1 on the backgrounds of all themes. */
export const midTones = { for: '#3b82c4', against: '#c2691c', axis: '#808080' };

const barHeight = 10;

/**
 * One row's bar of a chart: to the right of the axis if the score is positive, to its left if it is negative. It is for
 * a cell of a table whose texts are Markdown, so that they can be read aloud and copied and have the theme's colours.
 * @param scores of all rows, which share an axis
 * @param width in pixels
 */
export function scoreBar(score: number, scores: readonly number[], width = 120): string {
  const axis = axisOf(scores, width);
  return picture(width, barHeight, bar(score, axis, midTones) + axisLine(axis, barHeight, midTones.axis));
}

interface Axis {
  /** In pixels: where 0 is, and the length from the least score to the largest. */
  zero: number;
  room: number;
  /** The difference between the largest and the least score. */
  span: number;
}

function axisOf(scores: readonly number[], width: number): Axis {
  const least = Math.min(0, ...scores);
  const span = Math.max(0, ...scores) - least;
  const room = width - 1;
  return { zero: 0.5 + (span > 0 ? (-least / span) * room : 0), room, span };
}

function axisLine({ zero }: Axis, height: number, fill: string): string {
  return element('rect', { x: zero - 0.5, width: 1, height, fill });
}

function bar(score: number, { zero, room, span }: Axis, colours: typeof midTones): string {
  const length = span > 0 ? (Math.abs(score) / span) * room : 0;
  const x = score < 0 ? zero - length : zero;
  const fill = score < 0 ? colours.against : colours.for;
  return element('rect', { x, width: length, height: barHeight, fill });
}

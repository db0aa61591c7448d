import stringWidth from 'string-width';
import { withSigns } from '../../../text/visible.ts';
import { element, escapeXml } from './svg.ts';

export interface LabelStyle {
  size: number;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
  opacity?: number;
  fill?: string;
}

/** Width of a column of a fixed-width font, as a fraction of the font's size. Few other fonts are wider. */
const columnWidth = 0.61;
/** The most UTF-16 units of a text that are kept: more than fit into any picture. */
const mostUnits = 400;

/**
 * A line of any text, cut with `…` where its room ends. How wide the font is cannot be known here, so it is also
 * clipped at the edge.
 * @param x,y its corner at the left and top
 */
export function label(
  text: string,
  x: number,
  y: number,
  width: number,
  { size, anchor = 'start', weight, opacity, fill }: LabelStyle,
): string {
  const attributes = {
    x: { start: 0, middle: width / 2, end: width }[anchor],
    y: size,
    'font-size': size,
    ...(anchor === 'start' ? {} : { 'text-anchor': anchor }),
    ...(weight ? { 'font-weight': weight } : {}),
    ...(opacity ? { opacity } : {}),
    ...(fill ? { fill } : {}),
  };
  const fitting = fitted(withSigns(text.slice(0, mostUnits)), Math.floor(width / (size * columnWidth)));
  const line = element('text', attributes, escapeXml(fitting));
  return element('svg', { x, y, width, height: size * 1.4 }, line);
}

/** A text on as many lines as it needs, but at most `most`. {@link label} cuts the last line. */
export function wrapped(text: string, width: number, size: number, most: number): string[] {
  const columns = Math.floor(width / (size * columnWidth));
  const lines = [''];
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const line = lines.at(-1)!;
    if (lines.length < most && line !== '' && stringWidth(line + segment) > columns)
      lines.push(segment.trimStart());
    else lines[lines.length - 1] = line + segment;
  }
  return lines.map((line) => line.trimEnd());
}

/** As many whole characters as fit into the columns; an East Asian character takes two. */
export function fitted(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let used = 1;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

import { levels } from '../../text/level.ts';

const [width, height] = [18, 13];

/** A level's colour and line, as a Markdown image: translucent, as tooltips are light or dark. @param line its width in pixels */
export function swatch(level: number, line: number, colours: { fill: string; line: string }): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${colours.fill}" fill-opacity="${(0.75 * level) / levels}"/>` +
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" fill="none" stroke="#808080" stroke-opacity="0.6"/>` +
    `<rect y="${height - line}" width="${width}" height="${line}" fill="${colours.line}"/></svg>`;
  return `![](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}

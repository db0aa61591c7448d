import { l10n } from 'vscode';
import { levels } from '../../text/level.ts';
import type { Numbers } from '../../text/numbers.ts';
import { bandOf, surprisalLine } from '../../text/rankBand.ts';
import { asMarkdown } from '../text/escape.ts';

const [width, height] = [18, 13];
/** The largest rank of each band but the last. */
const ends = [1, 10, 100, 1000];

/** A band's colour and line, as Markdown: translucent, as tooltips are light or dark. */
function swatch(level: number): string {
  const line = surprisalLine(level);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="#e0457f" fill-opacity="${(0.75 * level) / levels}"/>` +
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" fill="none" stroke="#808080" stroke-opacity="0.6"/>` +
    `<rect y="${height - line}" width="${width}" height="${line}" fill="#d6457f"/></svg>`;
  return `![](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}

/** One line for each band of ranks. */
export function rankLegend(numbers: Numbers): string {
  const name = (text: string) => asMarkdown(text);
  const rows = ends.map((end) => `${swatch(bandOf(end))} ${name(l10n.t('top {0}', numbers.count(end)))}`);
  return [...rows, `${swatch(levels)} ${name(l10n.t('beyond'))}`].join('  \n');
}

/** From the palest colour to the full one. */
export function bitsLegend(most: number, numbers: Numbers): string {
  const rows = [1, Math.ceil(levels / 2), levels].map((level) => {
    const bits = numbers.count((most * level) / levels);
    return `${swatch(level)} ${asMarkdown(l10n.t('{0} bits', bits))}`;
  });
  return rows.join('  \n');
}

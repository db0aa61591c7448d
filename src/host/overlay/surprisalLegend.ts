import { l10n } from 'vscode';
import { levels } from '../../text/level.ts';
import type { Numbers } from '../../text/numbers.ts';
import { bandOf, surprisalLine } from '../../text/rankBand.ts';
import { asMarkdown } from '../text/escape.ts';
import { swatch } from './swatch.ts';

const colours = { fill: '#e0457f', line: '#d6457f' };
/** The largest rank of each band but the last. */
const ends = [1, 10, 100, 1000];

const band = (level: number) => swatch(level, surprisalLine(level), colours);

/** One line for each band of ranks. */
export function rankLegend(numbers: Numbers): string {
  const name = (text: string) => asMarkdown(text);
  const rows = ends.map((end) => `${band(bandOf(end))} ${name(l10n.t('top {0}', numbers.count(end)))}`);
  return [...rows, `${band(levels)} ${name(l10n.t('beyond'))}`].join('  \n');
}

/** From the palest colour to the full one. */
export function bitsLegend(most: number, numbers: Numbers): string {
  const rows = [1, Math.ceil(levels / 2), levels].map((level) => {
    const bits = numbers.count((most * level) / levels);
    return `${band(level)} ${asMarkdown(l10n.t('{0} bits', bits))}`;
  });
  return rows.join('  \n');
}

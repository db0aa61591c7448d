import { l10n } from 'vscode';
import { levels } from '../../text/level.ts';
import type { Numbers } from '../../text/numbers.ts';
import { asMarkdown } from '../text/escape.ts';
import { swatch } from './swatch.ts';

const colours = { fill: '#2f9e5f', line: '#2f9e5f' };

/** What the colours mean, from the palest one to the full one, as Markdown. @param most in nats */
export function contextLegend(most: number, tokens: number, numbers: Numbers): string {
  const rows = [1, Math.ceil(levels / 2), levels].map((level) => {
    const bits = numbers.bits((most * level) / levels);
    return `${swatch(level, Math.ceil(level / 3), colours)} ${asMarkdown(l10n.t('{0} bits', bits))}`;
  });
  const meaning = l10n.t(
    'How much the prediction changes when the context reaches back to the token: the KL divergence between the predictions with it and without it, as if the text began there (Cífka & Liutkus 2023). Tried: {0} tokens.',
    numbers.count(tokens),
  );
  return `${asMarkdown(meaning)}\n\n${rows.join('  \n')}`;
}

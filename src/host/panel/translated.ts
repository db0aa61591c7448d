import { l10n } from 'vscode';
import type { Labels } from '../../protocol/panels/page.ts';
import { commonLabels, type LabelTexts } from './labels.ts';

/** A page's words, with those that all pages share, in the editor's language. */
export function translated(labels: LabelTexts): Labels {
  const all = Object.entries({ ...commonLabels, ...labels });
  return Object.fromEntries(all.map(([name, labelText]) => [name, l10n.t(labelText)]));
}

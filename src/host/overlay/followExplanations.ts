import type { Disposable } from 'vscode';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Overlays } from './overlays.ts';

/** An answer is shown as soon as it comes, in place of what was shown; when it goes, so does its overlay. */
export function followExplanations(texts: ExplainedTexts, overlays: Overlays): Disposable {
  return texts.onDidChange(({ kind, explained: { document } }) => {
    if (kind === 'answered') overlays.show(document, 'attribution');
    else if (kind === 'removed' && overlays.of(document) === 'attribution') overlays.show(document, null);
  });
}

import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  l10n,
  type Range,
  type TextDocument,
} from 'vscode';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';

/** What the light bulb offers on an explained text. */
export class EditActions implements CodeActionProvider {
  static readonly kind = CodeActionKind.RefactorRewrite.append('whytoken');
  readonly #texts: ExplainedTexts;

  constructor(texts: ExplainedTexts) {
    this.#texts = texts;
  }

  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    const explained = this.#texts.of(document);
    if (!explained?.explanation || !explained.range.intersection(range)) return [];
    const action = (title: string, command: string) => {
      const made = new CodeAction(title, EditActions.kind);
      made.command = { title, command };
      return made;
    };
    return [
      action(l10n.t('Whytoken: Find the Smallest Edit…'), 'whytoken.findEdit'),
      action(l10n.t('Whytoken: Test by Many Edits…'), 'whytoken.testEdits'),
    ];
  }
}

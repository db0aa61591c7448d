import {
  type Disposable,
  EventEmitter,
  env,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Report } from '../../text/telling/report.ts';
import { scheme } from '../names.ts';
import type { Problems } from '../problems.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import type { ExplainedText } from './explainedText.ts';
import type { ExplainedTexts } from './explainedTexts.ts';
import { asMarkdownTable, asText } from './reportFormats.ts';
import { scoresIn } from './scoresIn.ts';
import { nothingYet, reportOn } from './told.ts';

/** `Whytoken: Copy Explanation as …` and `Show Explanation as Text`: what colours and panels show, in words. */
export class ExplanationAsText implements TextDocumentContentProvider, Disposable {
  readonly #texts: ExplainedTexts;
  readonly #scored: ScoredDocuments;
  readonly #problems: Problems;
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable[];
  /** What the document tells; it stays when the colours go, because somebody may be reading. */
  #shown: ExplainedText | null = null;
  #content = '';

  readonly #told = new EventEmitter<void>();

  readonly onDidChange = this.#changed.event;
  /** Somebody was shown an explanation. */
  readonly onDidShow = this.#told.event;

  constructor(texts: ExplainedTexts, scored: ScoredDocuments, problems: Problems) {
    this.#texts = texts;
    this.#scored = scored;
    this.#problems = problems;
    this.#subscriptions = [
      texts.onDidChange(({ kind, explained }) => {
        if (explained === this.#shown && (kind === 'answered' || kind === 'weighed')) this.#write(explained);
      }),
      scored.onDidChange((document) => {
        // Once the text has changed, the document keeps what it told before.
        if (this.#shown?.document === document && this.#shown.intact) this.#write(this.#shown);
      }),
    ];
  }

  async copyAsText(): Promise<void> {
    await this.#copy(asText, l10n.t('The explanation was copied as text.'));
  }

  async copyAsMarkdown(): Promise<void> {
    await this.#copy(asMarkdownTable, l10n.t('The explanation was copied as a Markdown table.'));
  }

  async show(): Promise<void> {
    const explained = this.#texts.lookedAt;
    if (!explained) {
      this.#problems.note(nothingYet());
      return;
    }
    this.#shown = explained;
    this.#write(explained);
    const document = await workspace.openTextDocument(uri());
    await window.showTextDocument(document, { preview: false });
    this.#told.fire();
  }

  provideTextDocumentContent(): string {
    return this.#content || `${nothingYet()}\n`;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#told.dispose();
  }

  #report(explained: ExplainedText): Report | null {
    return reportOn(explained, scoresIn(this.#scored, explained));
  }

  #write(explained: ExplainedText): void {
    const report = this.#report(explained);
    if (!report) return;
    this.#content = asText(report);
    this.#changed.fire(uri());
  }

  async #copy(format: (report: Report) => string, done: string): Promise<void> {
    const explained = this.#texts.lookedAt;
    const report = explained && this.#report(explained);
    if (!report) {
      this.#problems.note(nothingYet());
      return;
    }
    await env.clipboard.writeText(format(report));
    this.#problems.note(done);
  }
}

/** Its path is the title of its tab. */
function uri(): Uri {
  return Uri.from({ scheme, path: `/${l10n.t('Explanation')}.txt` });
}

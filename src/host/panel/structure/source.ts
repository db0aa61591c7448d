import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { commands, Disposable, EventEmitter, l10n, window, workspace } from 'vscode';
import { EngineError } from '../../../protocol/errors.ts';
import type { ContentOf, Labels, OrderOf } from '../../../protocol/panels/page.ts';
import { type StructurePanel, structurePanel } from '../../../protocol/panels/structure.ts';
import type { TextRange } from '../../../protocol/results.ts';
import type { PanelNeeds } from '../needs.ts';
import type { PanelSource } from '../panelSource.ts';
import type { Reading, ReadText } from '../readText.ts';
import { tokenPointed } from '../tokenPointed.ts';
import { translated } from '../translated.ts';
import { importanceParams, type MeasuredQuestion, StructureAnswers, textContent } from './answers.ts';
import { labels } from './labels.ts';

type Content = ContentOf<StructurePanel>;

/** What importance is measured on, kept so that the answer is about the text that the page showed. */
interface Subject {
  key: string;
  reading: Reading;
  question: MeasuredQuestion;
}

/** The checkpoint as a tree, and how much the current prediction depends on its parts. */
export class StructureSource implements PanelSource<StructurePanel> {
  readonly protocol = structurePanel;
  readonly viewType = 'whytoken.structure';
  readonly entry = 'structure';
  readonly answers: StructureAnswers;
  readonly #needs: Pick<PanelNeeds, 'engine' | 'settings' | 'texts'>;
  readonly #text: ReadText;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly onDidChange = this.#changed.event;
  readonly onDidPoint: PanelSource<StructurePanel>['onDidPoint'];
  #subject: Subject | null = null;

  constructor(needs: Pick<PanelNeeds, 'engine' | 'settings' | 'texts'>, text: ReadText) {
    this.#needs = needs;
    this.#text = text;
    this.answers = new StructureAnswers(needs.engine, {
      modelDir: () => this.#modelDir,
      measured: (key) => {
        const subject = this.#subject;
        if (subject?.key !== key) throw new EngineError('cancelled');
        return importanceParams(subject.reading.params, subject.question);
      },
    });
    this.onDidPoint = tokenPointed(text.onDidPoint, () => this.#tokens);
    this.#subscriptions = Disposable.from(
      text,
      this.#changed,
      text.onDidChange(() => this.#take()),
      workspace.onDidChangeConfiguration((event) => {
        // A text, if there is one, reports the change, too.
        if (!this.#subject && event.affectsConfiguration('whytoken.model.path')) this.#changed.fire();
      }),
    );
  }

  get title(): string {
    return l10n.t('Structure');
  }

  labels(): Labels {
    return translated(labels);
  }

  content(): Content {
    const subject = this.#subject;
    if (!subject) return { model: this.#modelDir, text: null };
    const { key, reading, question } = subject;
    const title = path.posix.basename(reading.document.uri.path);
    const read = reading.params.text.slice(0, question.at.kind === 'offset' ? question.at.offset : undefined);
    return { model: this.#modelDir, text: textContent(key, title, read, question, reading.isCurrent) };
  }

  restore(): Promise<void> {
    return this.#text.restore();
  }

  look(): void {
    // Whoever opens the panel wants to see the files as they are now.
    this.answers.forgetFiles();
    this.#text.look();
  }

  obey(order: OrderOf<StructurePanel>): void {
    if (order.kind === 'look') this.#text.look();
    else {
      const { layer, head } = order;
      void commands.executeCommand('whytoken.openAttention', { layer, head });
    }
  }

  point(token: number | null): void {
    this.#text.point(token === null ? null : (this.#tokens[token] ?? null));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** The token that was explained, where it stands in the text: the only one that page and editor point at. */
  get #tokens(): readonly TextRange[] {
    const span = this.#subject?.question.explained?.target.span;
    return span ? [span] : [];
  }

  get #modelDir(): string {
    return this.#needs.settings.modelDir(
      this.#subject?.reading.document ?? window.activeTextEditor?.document,
    );
  }

  /** If the text is another one or was edited, the subject stays and says so. */
  #take(): void {
    const reading = this.#text.current;
    if (reading !== this.#subject?.reading) {
      const isSameText = reading !== null && reading.snapshot === this.#subject?.reading.snapshot;
      // What was explained was another model's prediction.
      const question = isSameText
        ? { ...this.#subject!.question, explained: null }
        : reading && this.#questionOf(reading);
      this.#subject = reading && question && { key: randomUUID(), reading, question };
    }
    this.#changed.fire();
  }

  /**
   * About the explained prediction, if the stretch that was read is the explained one; otherwise about what comes after
   * the stretch.
   */
  #questionOf({ document, snapshot }: Reading): MeasuredQuestion {
    const after = { at: { kind: 'end' }, explained: null } as const;
    const explained = this.#needs.texts.of(document);
    if (!explained?.explanation) return after;
    const { stretch, at } = explained.question;
    const { base, range } = snapshot;
    if (stretch.start !== base + range.start || stretch.end !== base + range.end) return after;
    return {
      at: at === null ? { kind: 'end' } : { kind: 'offset', offset: at - base },
      explained: explained.explanation,
    };
  }
}

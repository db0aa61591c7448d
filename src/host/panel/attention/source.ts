import path from 'node:path';
import { type Disposable, EventEmitter, l10n } from 'vscode';
import type { ModelText } from '../../../protocol/engine.ts';
import { EngineError } from '../../../protocol/errors.ts';
import { type AttentionPanel, attentionPanel } from '../../../protocol/panels/attention.ts';
import type { ContentOf, Labels } from '../../../protocol/panels/page.ts';
import type { TokenSpan } from '../../../protocol/results.ts';
import type { PanelAnswers } from '../answers.ts';
import type { PanelNeeds } from '../needs.ts';
import type { PanelSource } from '../panelSource.ts';
import type { Reading, ReadText } from '../readText.ts';
import { tokenPointed } from '../tokenPointed.ts';
import { translated } from '../translated.ts';
import { attentionAnswers } from './answers.ts';
import { labels } from './labels.ts';

/** Who attends to whom in the text that a person looks at. */
export class AttentionSource implements PanelSource<AttentionPanel> {
  readonly protocol = attentionPanel;
  readonly viewType = 'whytoken.attention';
  readonly entry = 'attention';
  readonly answers: PanelAnswers<AttentionPanel>;
  readonly #text: ReadText;
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;
  /** The reading that is shown, and how many there were before it. */
  #shown: Reading | null = null;
  #readings = 0;
  /** The tokens of the text that the last answer was about. */
  #known: { text: ModelText; tokens: readonly TokenSpan[] } | null = null;
  #asked: ContentOf<AttentionPanel>['asked'] = null;

  readonly onDidChange = this.#changed.event;
  readonly onDidPoint;

  constructor({ engine }: Pick<PanelNeeds, 'engine'>, text: ReadText) {
    const read = () => {
      // Asked by a page that has not heard yet that its text is gone.
      if (!this.#shown) throw new EngineError('cancelled');
      return this.#shown.params;
    };
    this.answers = attentionAnswers(engine, read, (text, tokens) => {
      this.#known = { text, tokens };
    });
    this.#text = text;
    this.onDidPoint = tokenPointed(text.onDidPoint, () => this.#tokens);
    this.#subscription = text.onDidChange(() => {
      if (this.#shown !== text.current) this.#readings += 1;
      this.#shown = text.current;
      this.#changed.fire();
    });
  }

  get title(): string {
    return l10n.t('Attention');
  }

  labels(): Labels {
    return translated(labels);
  }

  content(): ContentOf<AttentionPanel> | null {
    if (!this.#shown) return null;
    const { document, isCurrent } = this.#shown;
    const name = path.basename(document.fileName);
    return { reading: this.#readings, document: name, isCurrent, asked: this.#asked };
  }

  restore(): Promise<void> {
    return this.#text.restore();
  }

  look(): void {
    this.#text.look();
  }

  /** The next time that the panel shows something, this head is open. */
  ask(head: { layer: number; head: number }): void {
    this.#asked = { ...head, id: Date.now() };
  }

  obey(): void {
    this.#text.look();
  }

  point(token: number | null): void {
    this.#text.point(token === null ? null : (this.#tokens[token] ?? null));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#text.dispose();
    this.#changed.dispose();
  }

  get #tokens(): readonly TokenSpan[] {
    return this.#known && this.#known.text === this.#shown?.params ? this.#known.tokens : [];
  }
}

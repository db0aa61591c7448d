import path from 'node:path';
import { type Disposable, EventEmitter, l10n } from 'vscode';
import { EngineError } from '../../../protocol/errors.ts';
import { type AttentionPanel, attentionPanel } from '../../../protocol/panels/attention.ts';
import type { AnswerOf, ContentOf, Labels, ParamsOf, QuestionName } from '../../../protocol/panels/page.ts';
import type { Call, PanelSource } from '../panelSource.ts';
import type { PanelNeeds } from '../panels.ts';
import type { Reading, ReadText } from '../readText.ts';
import { translated } from '../translated.ts';
import { AttentionAnswers } from './answers.ts';
import { labels } from './labels.ts';

/** Who attends to whom in the text that a person looks at. */
export class AttentionSource implements PanelSource<AttentionPanel> {
  readonly protocol = attentionPanel;
  readonly viewType = 'whytoken.attention';
  readonly entry = 'attention';
  readonly #answers: AttentionAnswers;
  readonly #text: ReadText;
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;
  /** The reading that is shown, and how many there were before it. */
  #shown: Reading | null = null;
  #readings = 0;
  #asked: ContentOf<AttentionPanel>['asked'] = null;

  readonly onDidChange = this.#changed.event;
  readonly onDidPoint;

  constructor({ engine }: Pick<PanelNeeds, 'engine'>, text: ReadText) {
    this.#answers = new AttentionAnswers(engine);
    this.#text = text;
    this.onDidPoint = text.onDidPoint;
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
    const { document, params, isCurrent } = this.#shown;
    const name = path.basename(document.fileName);
    return { reading: this.#readings, document: name, text: params.text, isCurrent, asked: this.#asked };
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

  async answer<N extends QuestionName<AttentionPanel>>(
    name: N,
    params: ParamsOf<AttentionPanel, N>,
    { cancellation }: Call<AnswerOf<AttentionPanel, N>>,
  ): Promise<AnswerOf<AttentionPanel, N>> {
    const shown = this.#shown;
    // Asked by a page that has not heard yet that its text is gone.
    if (!shown) throw new EngineError('cancelled');
    const answer = await this.#answers.answer(name, params, shown.params, { cancellation });
    if ('tokens' in answer && this.#shown === shown) this.#text.tokens = answer.tokens;
    return answer;
  }

  obey(): void {
    this.#text.look();
  }

  point(token: number | null): void {
    this.#text.point(token);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#text.dispose();
    this.#changed.dispose();
  }
}

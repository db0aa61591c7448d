import { type Disposable, EventEmitter, l10n, type TextDocument, window } from 'vscode';
import { EngineError } from '../../../protocol/errors.ts';
import { describeMethod } from '../../../protocol/methods.ts';
import {
  type AttributionPanel,
  type Attributions,
  attributionPanel,
} from '../../../protocol/panels/attribution.ts';
import type { Labels, OrderOf } from '../../../protocol/panels/page.ts';
import { byToken, type Granularity } from '../../../text/granularity.ts';
import type { ExplainedText } from '../../explain/explainedText.ts';
import { opposed } from '../../explain/opposition.ts';
import { nothingYet, remarksOn } from '../../explain/told.ts';
import { Grouping } from '../../overlay/grouping.ts';
import { telling } from '../../telling.ts';
import type { PanelAnswers } from '../answers.ts';
import type { PanelNeeds } from '../needs.ts';
import type { PanelSource } from '../panelSource.ts';
import { translated } from '../translated.ts';
import { attributionAnswers, type Given } from './answers.ts';
import { attributionsOf, linearObjectives } from './content.ts';
import { labels } from './labels.ts';
import { RememberedQuestion } from './rememberedQuestion.ts';

type Needs = Pick<
  PanelNeeds,
  'engine' | 'settings' | 'texts' | 'painter' | 'explainer' | 'problems' | 'state'
>;

/** The explanation that a person looked at last. */
export class AttributionSource implements PanelSource<AttributionPanel> {
  readonly protocol = attributionPanel;
  readonly viewType = 'whytoken.explanation';
  readonly entry = 'attribution';
  readonly answers: PanelAnswers<AttributionPanel>;
  readonly #needs: Needs;
  readonly #grouping = new Grouping();
  readonly #remembered: RememberedQuestion;
  readonly #changed = new EventEmitter<void>();
  readonly #pointed = new EventEmitter<number | null>();
  readonly #subscriptions: Disposable[];
  #shown: ExplainedText | null = null;
  #content: Attributions | null = null;
  #wantsSyntax = false;
  #removing: (Attributions['removing'] & { of: ExplainedText }) | null = null;
  readonly onDidChange = this.#changed.event;
  readonly onDidPoint = this.#pointed.event;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.answers = attributionAnswers(needs.engine, () => this.#given(), telling);
    this.#remembered = new RememberedQuestion(needs.texts, needs.state);
    this.#subscriptions = [
      this.#remembered,
      needs.texts.onDidChange(({ kind }) => {
        if (kind !== 'moved') this.#changed.fire();
      }),
      window.onDidChangeTextEditorSelection(({ textEditor: { document, selection } }) => {
        const shown = this.#shown;
        if (shown?.document !== document || !shown.intact) return;
        const token = shown.tokenAt(selection.active);
        this.#pointed.fire(token < 0 ? null : token);
      }),
    ];
  }

  get title(): string {
    return l10n.t('Explanation');
  }

  labels(): Labels {
    return { ...translated(labels), empty: nothingYet() };
  }

  content(): Attributions | null {
    this.#shown = this.#needs.texts.current;
    this.#content = this.#shown && this.#contentOf(this.#shown);
    return this.#content;
  }

  look(): void {}

  /** The page is to remove a token and tell what becomes of the prediction. @returns false if it is not explained */
  remove(document: TextDocument, offset: number): boolean {
    const shown = this.#needs.texts.of(document);
    const token = shown?.intact ? shown.tokenAt(document.positionAt(offset)) : -1;
    if (!shown || token < 0) return false;
    this.#removing = { of: shown, token, asked: Date.now() };
    this.#changed.fire();
    return true;
  }

  /** Asked again: the page still has the answer, but only with the answer here is it linked with the text. */
  async restore(): Promise<void> {
    const { texts, explainer } = this.#needs;
    const known = texts.current ? null : this.#remembered.recall();
    if (known) void explainer.explainAgain(known.document, known.question);
  }

  obey(order: OrderOf<AttributionPanel>): void {
    const shown = this.#shown;
    if (!shown?.explanation) return;
    const { explainer } = this.#needs;
    if (order.kind === 'syntax') {
      this.#wantsSyntax = true;
      this.#changed.fire();
      return;
    }
    if (order.kind === 'foil') {
      const next = order.next === null ? null : shown.explanation.next[order.next];
      if (next !== undefined)
        void explainer.whyNot(shown, next ? { kind: 'id', id: next.id } : { kind: 'none' });
      return;
    }
    if (order.kind === 'method' || order.kind === 'objective') {
      void this.#askOtherwise(shown, order);
      return;
    }
    const token = shown.tokens[order.token];
    if (!token || !shown.intact) return;
    const { document } = shown;
    // A token begins with the space in front of its word.
    const space = /^\s*/.exec(token.text)![0].length;
    const inside = space < token.text.length ? space : 0;
    const offset = document.offsetAt(shown.rangeOf(token).start) + inside;
    void explainer.explainToken({ document, offset });
  }

  point(token: number | null): void {
    const shown = this.#shown;
    const pointed = token === null ? undefined : shown?.tokens[token];
    const range = () => (shown?.intact && pointed ? shown.rangeOf(pointed) : null);
    this.#needs.painter.point(shown && pointed ? { document: shown.document, range } : null);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#pointed.dispose();
  }

  /** Chosen here it is chosen for what is asked later too, and it is seen in the settings. */
  async #askOtherwise(
    shown: ExplainedText,
    order: Extract<OrderOf<AttributionPanel>, { kind: 'method' | 'objective' }>,
  ): Promise<void> {
    const { explainer, problems } = this.#needs;
    try {
      await this.#choose(shown.document, order);
    } catch (error) {
      problems.report(error);
      return;
    }
    // A foil that was chosen would make it a contrast again.
    await explainer.askAgain(shown, order.kind === 'method' ? shown.question.foil : null);
  }

  /** @throws EngineError `setting-not-written`, `setting-overruled` */
  async #choose(
    document: TextDocument,
    order: Extract<OrderOf<AttributionPanel>, { kind: 'method' | 'objective' }>,
  ): Promise<void> {
    const { settings } = this.#needs;
    if (order.kind === 'objective') {
      await settings.set('objective', order.objective, document);
      return;
    }
    await settings.set('method', order.method, document);
    const isLinear = describeMethod(order.method).linear;
    if (isLinear && !linearObjectives.includes(settings.get('objective', document)))
      await settings.set('objective', 'contrast', document);
  }

  #contentOf(explained: ExplainedText): Attributions | null {
    const { explanation, tokens } = explained;
    if (!explanation) return null;
    const removing = this.#removing?.of === explained ? this.#removing : null;
    const aside = {
      removing: removing && { token: removing.token, asked: removing.asked },
      isOpposed: opposed(explained, byToken(tokens))?.isOpposed ?? [],
    };
    const [groups, remarks] = [this.#groupsOf(explained), remarksOn(explained)];
    return attributionsOf(explanation, tokens, groups, remarks, telling, aside);
  }

  /** Syntax nodes only once they are wanted; they are words until the language extension has answered. */
  #groupsOf(explained: ExplainedText): Attributions['groups'] {
    const { document, snapshot, tokens } = explained;
    const base = document.offsetAt(explained.rangeOf({ start: 0, end: 0 }).start);
    const groups = (granularity: Granularity, arrived = () => {}) =>
      this.#grouping.groups(granularity, { document, text: snapshot.text, base, tokens }, arrived);
    return {
      token: groups('token'),
      word: groups('word'),
      line: groups('line'),
      syntax: this.#wantsSyntax ? groups('syntax', () => this.#changed.fire()) : null,
    };
  }

  #given(): Given {
    const [shown, content] = [this.#shown, this.#content];
    // Asked by a page that has not heard yet that its text is gone.
    if (!shown?.explanation || !content) throw new EngineError('cancelled');
    const { explanation, document, snapshot, tokens } = shown;
    const { settings } = this.#needs;
    const [modelDir, options] = [settings.modelDir(document), settings.methodOptions(document)];
    return { explanation, text: snapshot.text, tokens, groups: content.groups, modelDir, options };
  }
}

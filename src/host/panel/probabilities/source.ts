import { l10n } from 'vscode';
import type { ModelText } from '../../../protocol/engine.ts';
import { EngineError } from '../../../protocol/errors.ts';
import type { ContentOf, Labels, OrderOf } from '../../../protocol/panels/page.ts';
import { type ProbabilitiesPanel, probabilitiesPanel } from '../../../protocol/panels/probabilities.ts';
import type { TextRange, TokenSpan } from '../../../protocol/results.ts';
import type { Explainer } from '../../explain/explainer.ts';
import type { Generator } from '../../generate/generator.ts';
import { outdatedNote } from '../../generate/notes.ts';
import type { Problems } from '../../problems.ts';
import type { Settings } from '../../settings.ts';
import type { PanelAnswers } from '../answers.ts';
import type { PanelSource } from '../panelSource.ts';
import type { Reading, ReadText } from '../readText.ts';
import { tokenPointed } from '../tokenPointed.ts';
import { translated } from '../translated.ts';
import { type ProbabilitiesEngine, probabilitiesAnswers, type Strip } from './answers.ts';
import { labels } from './labels.ts';

type Panel = ProbabilitiesPanel;
type Order = OrderOf<Panel>;

interface Needs {
  engine: ProbabilitiesEngine;
  settings: Settings;
  explainer: Pick<Explainer, 'explainToken' | 'explainNext'>;
  generator: Pick<Generator, 'continueFrom' | 'replaceFrom'>;
  problems: Problems;
}

/** What the model expects after each token of a text, and how that forms from layer to layer. */
export class ProbabilitiesSource implements PanelSource<Panel> {
  readonly protocol = probabilitiesPanel;
  readonly viewType = 'whytoken.probabilities';
  readonly entry = 'probabilities';
  readonly answers: PanelAnswers<Panel>;
  readonly onDidPoint: PanelSource<Panel>['onDidPoint'];
  readonly #needs: Needs;
  readonly #text: ReadText;
  /** The last strip, and of what. */
  #read: { params: ModelText; strip: Strip } | null = null;
  /** Names readings on the page, which keeps them over a reload of the window: so it begins with the time. */
  #number = Date.now();
  /** The one that has this number. */
  #numbered: Reading | null = null;

  constructor(needs: Needs, text: ReadText) {
    this.#needs = needs;
    this.#text = text;
    this.onDidPoint = tokenPointed(text.onDidPoint, () => this.#tokens);
    this.answers = probabilitiesAnswers(needs.engine, {
      text: () => {
        const reading = text.current;
        if (!reading) throw new EngineError('cancelled');
        return { params: reading.params, range: reading.snapshot.range };
      },
      strip: () => this.#strip,
      keep: ({ params }, strip) => {
        this.#read = { params, strip };
      },
    });
  }

  get title(): string {
    return l10n.t('Probabilities');
  }

  get onDidChange() {
    return this.#text.onDidChange;
  }

  labels(): Labels {
    return translated(labels);
  }

  content(): ContentOf<Panel> | null {
    const reading = this.#text.current;
    if (!reading) return null;
    if (reading !== this.#numbered) this.#number += 1;
    this.#numbered = reading;
    const { settings } = this.#needs;
    const { document, isCurrent } = reading;
    return {
      reading: this.#number,
      isCurrent,
      sampling: {
        temperature: settings.get('generation.temperature', document),
        topK: settings.get('generation.topK', document),
        topP: settings.get('generation.topP', document),
      },
      repetitionPenalty: settings.get('generation.repetitionPenalty', document),
    };
  }

  restore(): Promise<void> {
    return this.#text.restore();
  }

  look(): void {
    this.#text.look();
  }

  obey(order: Order): void {
    if (order.kind === 'read') this.look();
    else void this.#act(order);
  }

  point(token: number | null): void {
    this.#text.point(token === null ? null : (this.#tokens[token] ?? null));
  }

  dispose(): void {
    this.#text.dispose();
  }

  async #act(order: Exclude<Order, { kind: 'read' }>): Promise<void> {
    const { explainer, generator, problems } = this.#needs;
    const [reading, stretch] = [this.#text.current, this.#text.stretch];
    const place = this.#placeOf(order.at);
    if (!reading || !stretch || !place) {
      problems.note(
        order.kind !== 'why'
          ? outdatedNote(order.alternative)
          : l10n.t('The text has been changed since: point at the token again.'),
      );
      return;
    }
    const { document } = reading;
    if (order.kind === 'continue') {
      await generator.continueFrom(document, place.start, order.alternative);
      return;
    }
    if (order.kind === 'replace') {
      await generator.replaceFrom(document, place.start, place.end, order.alternative);
      return;
    }
    const foil = order.foil === null ? null : { kind: 'id' as const, id: order.foil };
    if (order.at === null) await explainer.explainNext(document, stretch, foil);
    else await explainer.explainToken({ document, offset: place.start }, foil);
  }

  /** Where a position now lies in the document; null when the text was edited. */
  #placeOf(at: number | null): TextRange | null {
    const stretch = this.#text.stretch;
    if (!stretch) return null;
    if (at === null) return { start: stretch.end, end: stretch.end };
    const token = this.#tokens[at];
    return token ? this.#text.placeOf(token) : null;
  }

  get #strip(): Strip | null {
    const read = this.#read;
    return read && read.params === this.#text.current?.params ? read.strip : null;
  }

  get #tokens(): readonly TokenSpan[] {
    return this.#strip?.tokens ?? [];
  }
}

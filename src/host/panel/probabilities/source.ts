import { type CancellationToken, l10n } from 'vscode';
import { EngineError } from '../../../protocol/errors.ts';
import type { AnswerOf, ContentOf, Labels, OrderOf, ParamsOf } from '../../../protocol/panels/page.ts';
import { type ProbabilitiesPanel, probabilitiesPanel } from '../../../protocol/panels/probabilities.ts';
import type { EngineClient } from '../../engine/client.ts';
import type { Explainer } from '../../explain/explainer.ts';
import type { Generator } from '../../generate/generator.ts';
import { outdatedNote } from '../../generate/notes.ts';
import type { Problems } from '../../problems.ts';
import type { Settings } from '../../settings.ts';
import type { Call, PanelSource } from '../panelSource.ts';
import type { Reading, ReadText } from '../readText.ts';
import { translated } from '../translated.ts';
import {
  answerDistribution,
  answerFollow,
  answerLens,
  readStrip,
  type Strip,
  type Verbs,
} from './answers.ts';
import { labels } from './labels.ts';

type Panel = ProbabilitiesPanel;
type Question = keyof Panel['questions'] & string;
type Order = OrderOf<Panel>;

interface Needs {
  engine: Pick<EngineClient, 'score' | 'distribution' | 'lens'>;
  settings: Settings;
  explainer: Pick<Explainer, 'explainToken' | 'explainNext'>;
  generator: Pick<Generator, 'continueFrom'>;
  problems: Problems;
}

/** What the model expects after each token of a text, and how that forms from layer to layer. */
export class ProbabilitiesSource implements PanelSource<Panel> {
  readonly protocol = probabilitiesPanel;
  readonly viewType = 'whytoken.probabilities';
  readonly entry = 'probabilities';
  readonly #needs: Needs;
  readonly #text: ReadText;
  /** Of the reading that it was made for. */
  #strip: { reading: Reading; strip: Strip } | null = null;
  /** Names readings on the page, which keeps them over a reload of the window: so it begins with the time. */
  #number = Date.now();
  /** The one that has this number. */
  #numbered: Reading | null = null;

  constructor(needs: Needs, text: ReadText) {
    this.#needs = needs;
    this.#text = text;
  }

  get title(): string {
    return l10n.t('Probabilities');
  }

  get onDidChange() {
    return this.#text.onDidChange;
  }

  get onDidPoint() {
    return this.#text.onDidPoint;
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

  answer<N extends Question>(
    name: N,
    params: ParamsOf<Panel, N>,
    { cancellation, report }: Call<AnswerOf<Panel, N>>,
  ): Promise<AnswerOf<Panel, N>> {
    const verbs = this.#verbs(name, cancellation);
    const answers: { [Q in Question]: (asked: ParamsOf<Panel, Q>) => Promise<AnswerOf<Panel, Q>> } = {
      strip: () => this.#read(verbs),
      distribution: async (asked) => answerDistribution(verbs, this.#current().params, this.#known(), asked),
      lens: async (asked) =>
        answerLens(verbs, this.#needed(), asked, report as Call<AnswerOf<Panel, 'lens'>>['report']),
      follow: async (asked) => answerFollow(verbs, this.#needed(), asked),
    };
    return answers[name](params);
  }

  obey(order: Order): void {
    if (order.kind === 'read') this.look();
    else void this.#act(order);
  }

  point(token: number | null): void {
    this.#text.point(token);
  }

  dispose(): void {
    this.#text.dispose();
  }

  async #read(verbs: Verbs): Promise<AnswerOf<Panel, 'strip'>> {
    const reading = this.#current();
    const { strip, answer } = await readStrip(verbs, reading.params, reading.snapshot.range);
    // Another text may have been looked at meanwhile.
    if (reading === this.#text.current) {
      this.#strip = { reading, strip };
      this.#text.tokens = strip.tokens;
    }
    return answer;
  }

  async #act(order: Exclude<Order, { kind: 'read' }>): Promise<void> {
    const { explainer, generator, problems } = this.#needs;
    const [reading, stretch] = [this.#text.current, this.#text.stretch];
    const place = this.#placeOf(order.at);
    if (!reading || !stretch || !place) {
      problems.note(
        order.kind === 'continue'
          ? outdatedNote(order.alternative)
          : l10n.t('The text has been changed since: point at the token again.'),
      );
      return;
    }
    const { document } = reading;
    if (order.kind === 'continue') {
      await generator.continueFrom(document, place.start, place.end, order.alternative);
      return;
    }
    const foil = order.foil === null ? null : { kind: 'id' as const, id: order.foil };
    if (order.at === null) await explainer.explainNext(document, stretch, foil);
    else await explainer.explainToken({ document, offset: place.start }, foil);
  }

  /** Where a position now lies in the document; null when the text was edited. */
  #placeOf(at: number | null): { start: number; end: number } | null {
    const stretch = this.#text.stretch;
    if (!stretch) return null;
    if (at === null) return { start: stretch.end, end: stretch.end };
    const start = this.#text.offsetOf(at);
    const token = this.#known()?.tokens[at];
    return start === null || !token ? null : { start, end: start + token.end - token.start };
  }

  #current(): Reading {
    const reading = this.#text.current;
    if (!reading) throw new EngineError('cancelled');
    return reading;
  }

  #known(): Strip | null {
    return this.#strip?.reading === this.#text.current ? (this.#strip?.strip ?? null) : null;
  }

  #needed(): Strip {
    const strip = this.#known();
    if (!strip) throw new EngineError('cancelled');
    return strip;
  }

  /** Each question of the page has a lane of its own: a column and the whole picture are both wanted. */
  #verbs(question: Question, cancellation: CancellationToken): Verbs {
    const { engine } = this.#needs;
    const options = { lane: `panel.probabilities.${question}`, cancellation };
    return {
      score: (params) => engine.score(params, options),
      distribution: (params) => engine.distribution(params, options),
      lens: (params, onProgress) => engine.lens(params, { ...options, onProgress }),
    };
  }
}

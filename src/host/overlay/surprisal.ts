import {
  type Disposable,
  EventEmitter,
  env,
  l10n,
  Range,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { ScoredSpan } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import type { TokenGroup } from '../../text/granularity.ts';
import { levelOf } from '../../text/level.ts';
import { Numbers } from '../../text/numbers.ts';
import { bandOf } from '../../text/rankBand.ts';
import { wordsText } from '../../text/telling/scores.ts';
import { wordGroups } from '../../text/words.ts';
import type { KnownToken, Stretch } from '../score/knownScores.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import { type Settings, section } from '../settings.ts';
import { telling } from '../telling.ts';
import { asMarkdown } from '../text/escape.ts';
import { Grouping } from './grouping.ts';
import { type Mark, type Marks, noMarks, type Overlay } from './overlay.ts';
import { rangesOfGroup } from './ranges.ts';
import { bitsLegend, rankLegend } from './surprisalLegend.ts';

const ownSettings = ['intensity', 'granularity', 'surprisal.scale'];
/** A pause in the typing after which the rest of the text is read again. */
const pauseMilliseconds = 250;
/** How many UTF-16 units around the visible text are scored, too. */
const aroundUnits = 32 * 1024;
/** The surprisal in bits that gets the full colour. */
const mostBits = 14;

const numbers = new Numbers(env.language);

/** How unexpected each token is, in rank bands (GLTR: Gehrmann et al. 2019) or on a continuous scale. */
export class SurprisalOverlay implements Overlay {
  readonly id = 'surprisal';
  readonly #scored: ScoredDocuments;
  readonly #settings: Settings;
  readonly #grouping = new Grouping();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];
  readonly #shown = new Set<TextDocument>();
  readonly #timers = new Map<TextDocument, NodeJS.Timeout>();
  readonly #wants = new Map<TextDocument, Disposable[]>();

  readonly onDidChange = this.#changed.event;

  constructor(scored: ScoredDocuments, settings: Settings) {
    this.#scored = scored;
    this.#settings = settings;
    this.#subscriptions = [
      scored.onDidChange((document) => {
        if (this.#shown.has(document)) this.#changed.fire(document);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#shown.has(document)) this.#wantSoon(document);
      }),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor: { document } }) => {
        if (this.#shown.has(document)) this.#wantSoon(document);
      }),
      // Scores may have been dropped while nobody saw them, and no visible range changes when the editor is shown
      // again.
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (this.#shown.has(document)) this.#wantSoon(document);
      }),
      workspace.onDidChangeConfiguration((event) => {
        const isOurs = ownSettings.some((name) => event.affectsConfiguration(`${section}.${name}`));
        // Also for another model, for which nothing is known.
        if (event.affectsConfiguration(section)) for (const document of this.#shown) this.#want(document);
        if (isOurs) for (const document of this.#shown) this.#changed.fire(document);
      }),
    ];
  }

  show(document: TextDocument): void {
    this.#shown.add(document);
    this.#scored.retry();
    this.#want(document);
  }

  hide(document: TextDocument): void {
    this.#shown.delete(document);
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
    this.#keepWanting(document, []);
  }

  marks({ document }: TextEditor): Marks {
    const known = this.#known(document);
    const text = document.getText();
    const spans = known.map(({ score }) => scoredSpan(score));
    const tokens = displayTokens(text, spans, 0);
    const granularity = this.#settings.get('granularity', document);
    const groups =
      granularity === 'word'
        ? this.#words(document, tokens, known)
        : this.#grouping.groups(granularity, { document, text, base: 0, tokens }, () =>
            this.#changed.fire(document),
          );
    const scale = this.#settings.get('surprisal.scale', document);
    const intensity = this.#settings.get('intensity', document);
    const marks = groups.flatMap((group): Mark[] => {
      const ranks = group.tokens.map((index) => known[tokens[index]!.first]!.score.rank ?? 1);
      const level = scale === 'rank' ? bandOf(Math.max(...ranks)) : levelOf(group.score, mostBits, intensity);
      if (level === 0) return [];
      return rangesOfGroup(group, tokens).map(({ start, end }) => ({
        range: new Range(document.positionAt(start), document.positionAt(end)),
        scale: 'surprisal',
        level,
      }));
    });
    return { ...noMarks, tokens: marks };
  }

  headline(document: TextDocument): string {
    const bits = this.#known(document)
      .filter(({ stale, score }) => !stale && score.logProb !== null)
      .map(({ score }) => -score.logProb!);
    if (bits.length === 0) return l10n.t('Surprisal');
    const mean = bits.reduce((sum, value) => sum + value, 0) / bits.length;
    const [each, count] = [numbers.bits(mean), numbers.count(bits.length)];
    return this.#scored.isKnown(document, wholeOf(document))
      ? l10n.t('Surprisal: {0} bits a token, {1} tokens', each, count)
      : l10n.t('Surprisal: {0} bits a token, {1} tokens so far', each, count);
  }

  legend(document: TextDocument): string {
    if (this.#settings.get('surprisal.scale', document) === 'rank') return rankLegend(numbers);
    const legend = bitsLegend(mostBits / this.#settings.get('intensity', document), numbers);
    const areWords = this.#settings.get('granularity', document) === 'word';
    return areWords ? `${legend}\n\n${asMarkdown(wordsText(telling))}` : legend;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const wants of this.#wants.values()) for (const want of wants) want.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #known(document: TextDocument): KnownToken[] {
    return this.#scored.within(document, wholeOf(document));
  }

  /**
   * Each word with its corrected surprisal. One of which not all is known yet has none, and white space at the end of
   * the text is no word.
   */
  #words(
    document: TextDocument,
    tokens: readonly DisplayToken[],
    known: readonly KnownToken[],
  ): TokenGroup[] {
    const words = new Map(
      this.#scored
        .words(document, wholeOf(document), 'all')
        .map(({ tokens: [first], logProb }) => [first, logProb]),
    );
    const scores = tokens.map(({ first }) => known[first]!.score);
    return wordGroups(scores).map(({ first, end }) => ({
      tokens: Array.from({ length: end - first }, (_, index) => first + index),
      score: -(words.get(scores[first]) ?? 0) / Math.LN2,
    }));
  }

  #wantSoon(document: TextDocument): void {
    clearTimeout(this.#timers.get(document));
    this.#timers.set(
      document,
      setTimeout(() => this.#want(document), pauseMilliseconds),
    );
  }

  /** What can be seen first, then what is around it. */
  #want(document: TextDocument): void {
    const seen = window.visibleTextEditors
      .filter((editor) => editor.document === document)
      .flatMap(({ visibleRanges }) => visibleRanges)
      .map((range) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end) }));
    const { length } = document.getText();
    const around = seen.map(({ start, end }) => ({
      start: Math.max(0, start - aroundUnits),
      end: Math.min(length, end + aroundUnits),
    }));
    this.#keepWanting(document, [
      ...seen.map((stretch) => this.#scored.want(document, stretch, 'seen')),
      ...around.map((stretch) => this.#scored.want(document, stretch, 'later')),
    ]);
  }

  /** In place of what was wanted of the document before. */
  #keepWanting(document: TextDocument, wants: Disposable[]): void {
    const before = this.#wants.get(document) ?? [];
    if (wants.length > 0) this.#wants.set(document, wants);
    else this.#wants.delete(document);
    for (const want of before) want.dispose();
  }
}

function wholeOf(document: TextDocument): Stretch {
  return { start: 0, end: document.getText().length };
}

/** With its surprisal in bits as the score. */
function scoredSpan({ id, text, start, end, logProb }: KnownToken['score']): ScoredSpan {
  return { id, text, start, end, score: logProb === null ? 0 : -logProb / Math.LN2 };
}

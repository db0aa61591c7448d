import {
  type CancellationToken,
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
import type { ContextProbeParams } from '../../protocol/engine.ts';
import type { PartialContextProbe, ScoredSpan } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { levelOf } from '../../text/level.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted } from '../../text/visible.ts';
import type { EngineClient } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import { modelText } from '../explain/request.ts';
import type { Jobs, Report } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import { blockOf } from '../score/blocks.ts';
import { type Settings, section } from '../settings.ts';
import { telling } from '../telling.ts';
import { cutBehindToken } from '../text/cut.ts';
import { offsetAtCursor, withoutEnd } from '../text/snapshot.ts';
import { TrackedSpan } from '../text/trackedSpan.ts';
import { contextLegend } from './contextLegend.ts';
import { Grouping } from './grouping.ts';
import { type Mark, type Marks, noMarks, type Overlay } from './overlay.ts';
import { rangesOfGroup } from './ranges.ts';

const drawnSettings = ['intensity', 'granularity'];
/** Windows cost the square of it: with 64 tokens as much as reading 2,080. */
const mostTokens = 64;

const numbers = new Numbers(env.language);

/** Which prediction, and where its context is tried, in offsets of the document. */
interface Place {
  base: number;
  /** Where what is read ends, and the stretch whose tokens are tried. */
  end: number;
  stretch: { start: number; end: number };
  /** An offset in the predicted token; null: what comes after the stretch. */
  at: number | null;
}

interface Probe {
  answer: PartialContextProbe;
  isWhole: boolean;
  text: string;
  /** What was tried and what was predicted, and where it now stands; `from` is where it begins in `text`. */
  span: TrackedSpan;
  from: number;
  tokens: DisplayToken[];
}

/**
 * Context length probing: how the prediction of the token at the cursor, or of what follows a selection, changes with each
 * token by which its context grows to the left.
 */
export class ContextLengthOverlay implements Overlay {
  readonly id = 'context';
  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #grouping = new Grouping();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];
  readonly #shown = new Set<TextDocument>();
  readonly #asked = new Map<TextDocument, { place: Place; span: TrackedSpan; cancel: () => void }>();
  readonly #probes = new Map<TextDocument, Probe>();

  readonly onDidChange = this.#changed.event;

  constructor(engine: EngineClient, jobs: Jobs, settings: Settings, problems: Problems) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#problems = problems;
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#follow(document, contentChanges);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!drawnSettings.some((name) => event.affectsConfiguration(`${section}.${name}`))) return;
        for (const document of this.#shown) this.#changed.fire(document);
      }),
    ];
  }

  show(document: TextDocument): void {
    this.#shown.add(document);
    const editor = editorOf(document);
    if (editor) void this.#ask(document, this.#placeIn(editor));
  }

  hide(document: TextDocument): void {
    this.#shown.delete(document);
    this.#probes.delete(document);
    this.#asked.get(document)?.cancel();
    this.#asked.delete(document);
  }

  again(document: TextDocument): boolean {
    const editor = editorOf(document);
    const asked = this.#asked.get(document);
    if (!editor || !asked) return false;
    const place = this.#placeIn(editor);
    if (asked.span.intact && JSON.stringify(place) === JSON.stringify(asked.place)) return false;
    void this.#ask(document, place);
    return true;
  }

  marks({ document }: TextEditor): Marks {
    const probe = this.#probes.get(document);
    if (!probe) return noMarks;
    const { span } = probe.answer.target;
    const end = document.positionAt(probe.span.end);
    const line = document.lineAt(end.line).range.end;
    return {
      ...noMarks,
      tokens: this.#marks(document, probe),
      target: span && rangeOf(document, probe, span),
      place: !span && end.isBefore(line) ? new Range(end, end.translate(0, 1)) : null,
    };
  }

  headline(document: TextDocument): string {
    const probe = this.#probes.get(document);
    if (!probe) return l10n.t('Context length: put the cursor on a token and probe it');
    const { answer, tokens, isWhole } = probe;
    const name = telling.quote(answer.target);
    const probability = numbers.percent(answer.target.probability);
    const strongest = tokens.reduce<DisplayToken | null>(
      (most, token) => (token.score > (most?.score ?? 0) ? token : most),
      null,
    );
    if (!strongest) return l10n.t('Context of {0} ({1})', name, probability);
    const [text, bits] = [quoted(strongest.text), numbers.bits(strongest.score)];
    return isWhole
      ? l10n.t('Context of {0} ({1}): most changed by {2}, {3} bits', name, probability, text, bits)
      : l10n.t('Context of {0} ({1}): so far most changed by {2}, {3} bits', name, probability, text, bits);
  }

  legend(document: TextDocument): string {
    const probe = this.#probes.get(document);
    if (!probe) return '';
    const most = largestOf(this.#groups(document, probe)) / this.#settings.get('intensity', document);
    return contextLegend(most, probe.answer.tokens.length, numbers);
  }

  /** What is known of the token at an offset of the document, in sentences; none where it was not tried. */
  told(document: TextDocument, offset: number): string[] {
    const probe = this.#probes.get(document);
    if (!probe) return [];
    const place = offset - probe.span.start + probe.from;
    const token = probe.tokens.find(({ start, end }) => start <= place && place < end);
    if (!token) return [];
    const { answer } = probe;
    const pieces = Array.from({ length: token.pieces }, (_, piece) => token.first + piece);
    const ofPieces = (values: Float32Array) => pieces.reduce((sum, piece) => sum + (values[piece] ?? 0), 0);
    if (Number.isNaN(ofPieces(answer.logProbs))) return [];
    if (Number.isNaN(ofPieces(answer.steps))) {
      return [l10n.t('The context begins here at the latest: without this token there is none.')];
    }
    const [first] = pieces as [number];
    const withIt = answer.logProbs[first] ?? 0;
    const importance = ofPieces(answer.importances);
    const bits = numbers.bits(Math.abs(importance));
    return [
      l10n.t(
        'If the context reaches back to it, the prediction changes by {0} bits (KL)',
        numbers.bits(ofPieces(answer.steps)),
      ),
      importance >= 0
        ? l10n.t('which brings it {0} bits nearer to that from the whole context', bits)
        : l10n.t('which takes it {0} bits away from that from the whole context', bits),
      l10n.t(
        '{0}: {1} with it, {2} without it',
        telling.quote(answer.target),
        numbers.percent(Math.exp(withIt)),
        numbers.percent(Math.exp(withIt - ofPieces(answer.gains))),
      ),
    ];
  }

  dispose(): void {
    for (const { cancel } of this.#asked.values()) cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #placeIn({ document, selection }: TextEditor): Place {
    const text = document.getText();
    if (!selection.isEmpty) {
      const selected = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
      const stretch = this.#settings.get('trimSelection', document) ? withoutEnd(text, selected) : selected;
      return { base: blockOf(text, stretch).base, end: stretch.end, stretch, at: null };
    }
    const at = offsetAtCursor(text, document.offsetAt(selection.active));
    const { base } = blockOf(text, { start: at, end: at });
    const end = cutBehindToken(text, at);
    return { base, end, stretch: { start: base, end }, at };
  }

  async #ask(document: TextDocument, place: Place): Promise<void> {
    const text = document.getText().slice(place.base, place.end);
    const span = new TrackedSpan(place.base, place.end);
    this.#asked.get(document)?.cancel();
    this.#probes.delete(document);
    this.#changed.fire(document);
    const params: ContextProbeParams = {
      ...modelText(text, document, this.#settings),
      range: { start: place.stretch.start - place.base, end: place.stretch.end - place.base },
      at: place.at === null ? { kind: 'end' } : { kind: 'offset', offset: place.at - place.base },
      most: mostTokens,
    };
    const job = {
      name: `context ${document.uri}`,
      kind: 'explain',
      title: l10n.t('Probing the context'),
    } as const;
    try {
      await this.#jobs.run(job, async (source, report) => {
        const asked = { place, span, cancel: () => source.cancel() };
        this.#asked.set(document, asked);
        const take = (answer: PartialContextProbe, isWhole: boolean) => {
          if (this.#asked.get(document) !== asked || !span.intact) return;
          if (source.token.isCancellationRequested) return;
          this.#take(document, text, span, answer, isWhole);
        };
        take(await this.#probe(document, params, source.token, report, take), true);
      });
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #probe(
    document: TextDocument,
    params: ContextProbeParams,
    cancellation: CancellationToken,
    report: Report,
    take: (answer: PartialContextProbe, isWhole: boolean) => void,
  ) {
    return this.#engine.contextProbe(params, {
      lane: documentLane('overlay.context', document),
      rank: 'waiting',
      cancellation,
      onProgress: (progress) => {
        report(progress);
        if (progress.partial) take(progress.partial, false);
      },
    });
  }

  #take(
    document: TextDocument,
    text: string,
    asked: TrackedSpan,
    answer: PartialContextProbe,
    isWhole: boolean,
  ): void {
    // Edits in front of what was tried change nothing of it.
    const from = Math.max(answer.tokens[0]?.start ?? 0, answer.receipt.range.start);
    const end = answer.target.span?.end ?? answer.tokens.at(-1)?.end ?? from;
    const known = (value: number) => (Number.isNaN(value) ? 0 : value);
    const spans = answer.tokens.map(
      (token, index): ScoredSpan => ({ ...token, score: known(answer.steps[index] ?? 0) }),
    );
    this.#probes.set(document, {
      ...{ answer, isWhole, text, from },
      span: new TrackedSpan(asked.start + from, asked.start + end),
      tokens: displayTokens(text, spans, answer.receipt.range.start),
    });
    this.#changed.fire(document);
  }

  #groups(document: TextDocument, { span, from, text, tokens }: Probe) {
    return this.#grouping.groups(
      this.#settings.get('granularity', document),
      { document, text, base: span.start - from, tokens },
      () => this.#changed.fire(document),
    );
  }

  #marks(document: TextDocument, probe: Probe): Mark[] {
    const groups = this.#groups(document, probe);
    const largest = largestOf(groups);
    const intensity = this.#settings.get('intensity', document);
    return groups.flatMap((group) => {
      const level = levelOf(group.score, largest, intensity);
      if (level === 0) return [];
      return rangesOfGroup(group, probe.tokens).map((piece) => ({
        range: rangeOf(document, probe, piece),
        scale: 'context' as const,
        level,
      }));
    });
  }

  #follow(document: TextDocument, changes: Parameters<TrackedSpan['apply']>[0]): void {
    const asked = this.#asked.get(document);
    asked?.span.apply(changes);
    // What is under way was asked about another text.
    if (asked && !asked.span.intact && !this.#probes.get(document)?.isWhole) asked.cancel();
    const probe = this.#probes.get(document);
    if (!probe) return;
    probe.span.apply(changes);
    if (!probe.span.intact || !probe.isWhole) this.#probes.delete(document);
    this.#changed.fire(document);
  }
}

function editorOf(document: TextDocument): TextEditor | undefined {
  const { activeTextEditor: active } = window;
  if (active?.document === document) return active;
  return window.visibleTextEditors.find((visible) => visible.document === document);
}

function largestOf(groups: readonly { score: number }[]): number {
  return groups.reduce((most, { score }) => Math.max(most, score), 0);
}

function rangeOf(
  document: TextDocument,
  { span, from }: Probe,
  { start, end }: { start: number; end: number },
): Range {
  const moved = span.start - from;
  return new Range(document.positionAt(start + moved), document.positionAt(end + moved));
}

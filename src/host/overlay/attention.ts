import {
  CancellationTokenSource,
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
import type { AttentionView } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { AttentionRows, ScoredSpan } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { levelOf } from '../../text/level.ts';
import { Numbers } from '../../text/numbers.ts';
import { quoted } from '../../text/visible.ts';
import type { EngineClient } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import { isPassing, onceMore } from '../engine/onceMore.ts';
import { modelText } from '../explain/request.ts';
import type { Problems } from '../problems.ts';
import { blockOf } from '../score/blocks.ts';
import { type Settings, section } from '../settings.ts';
import { cutBehindToken } from '../text/cut.ts';
import { offsetAtCursor } from '../text/snapshot.ts';
import { TrackedSpan } from '../text/trackedSpan.ts';
import type { AttentionPicture } from './attentionPicture.ts';
import { Grouping } from './grouping.ts';
import { type Mark, type Marks, noMarks, type Overlay } from './overlay.ts';
import { rangesOfGroup } from './ranges.ts';

const drawnSettings = ['intensity', 'granularity', 'pictures'];
/** How many next tokens the card lists. */
const nextTokens = 5;
/** While a key is held down, the cursor passes over tokens that nobody looks at. */
const restMilliseconds = 20;

const numbers = new Numbers(env.language);

/** What is known of the token that the cursor was on. */
interface Answer {
  rows: AttentionRows;
  view: AttentionView;
  /** The text that was read up to the query, and where it now stands. */
  text: string;
  span: TrackedSpan;
  tokens: DisplayToken[];
}

/** Follows the cursor: what the token under it attends to. */
export class AttentionOverlay implements Overlay {
  readonly id = 'attention';
  readonly #engine: EngineClient;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #grouping = new Grouping();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];
  readonly #shown = new Set<TextDocument>();
  readonly #answers = new Map<TextDocument, Answer>();
  /** What each document waits for: the cursor to rest, and then the engine. */
  readonly #timers = new Map<TextDocument, NodeJS.Timeout>();
  readonly #requests = new Map<TextDocument, CancellationTokenSource>();
  /** An error that does not pass is shown once. Otherwise every token that the cursor reaches would show it again. */
  #hasFailed = false;

  readonly onDidChange = this.#changed.event;

  constructor(engine: EngineClient, settings: Settings, problems: Problems) {
    this.#engine = engine;
    this.#settings = settings;
    this.#problems = problems;
    this.#subscriptions = [
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#askSoon(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => editor && this.#askSoon(editor)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#follow(document, contentChanges);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(section)) return;
        const isDrawn = drawnSettings.some((name) => event.affectsConfiguration(`${section}.${name}`));
        if (isDrawn) for (const document of this.#shown) this.#changed.fire(document);
        else if (window.activeTextEditor) this.#askSoon(window.activeTextEditor);
      }),
    ];
  }

  show(document: TextDocument): void {
    this.#shown.add(document);
    this.#hasFailed = false;
    const editor = window.visibleTextEditors.find((visible) => visible.document === document);
    if (editor) void this.#ask(editor);
  }

  hide(document: TextDocument): void {
    this.#shown.delete(document);
    this.#answers.delete(document);
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
    this.#requests.get(document)?.cancel();
  }

  marks({ document }: TextEditor): Marks {
    const answer = this.#answers.get(document);
    if (!answer) return noMarks;
    const query = answer.tokens.at(-1);
    const range = query && rangeOf(document, answer, query);
    return {
      ...noMarks,
      tokens: this.#marks(document, answer),
      query: range ?? null,
      picture: range && this.#settings.get('pictures', document) ? picture(document, answer, range) : null,
    };
  }

  headline(document: TextDocument): string {
    const answer = this.#answers.get(document);
    const query = answer?.tokens.at(-1);
    if (!answer || !query) return l10n.t('Attention: put the cursor on a token');
    const strongest = keys(answer).reduce<DisplayToken | null>(
      (most, token) => (most && most.score >= token.score ? most : token),
      null,
    );
    const view = viewName(answer.view);
    if (!strongest) return l10n.t('{0}: {1}', view, quoted(query.text));
    return l10n.t(
      '{0}: {1} attends most to {2} ({3})',
      view,
      quoted(query.text),
      quoted(strongest.text),
      numbers.percent(strongest.score),
    );
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const request of this.#requests.values()) request.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #marks(document: TextDocument, answer: Answer): Mark[] {
    const { tokens, text, span } = answer;
    const groups = this.#grouping.groups(
      this.#settings.get('granularity', document),
      { document, text, base: span.start, tokens },
      () => this.#changed.fire(document),
    );
    const largest = groups.reduce((most, { score }) => Math.max(most, score), 0);
    const intensity = this.#settings.get('intensity', document);
    return groups.flatMap((group) => {
      const level = levelOf(group.score, largest, intensity);
      if (level === 0) return [];
      return rangesOfGroup(group, tokens).map((piece) => ({
        range: rangeOf(document, answer, piece),
        scale: 'attention' as const,
        level,
      }));
    });
  }

  #askSoon(editor: TextEditor): void {
    if (!this.#shown.has(editor.document) || this.#hasFailed) return;
    clearTimeout(this.#timers.get(editor.document));
    this.#timers.set(
      editor.document,
      setTimeout(() => void this.#ask(editor), restMilliseconds),
    );
  }

  async #ask({ document, selection }: TextEditor): Promise<void> {
    const text = document.getText();
    if (text.length === 0 || !this.#shown.has(document)) return;
    const offset = offsetAtCursor(text, document.offsetAt(selection.active));
    const { base } = blockOf(text, { start: offset, end: offset });
    const read = text.slice(base, cutBehindToken(text, offset));
    const span = new TrackedSpan(base, base + read.length);
    const version = document.version;
    const view = this.#view(document);
    this.#requests.get(document)?.cancel();
    const source = new CancellationTokenSource();
    this.#requests.set(document, source);
    try {
      const params = {
        ...modelText(read, document, this.#settings),
        offset: offset - base,
        view,
        withoutFirst: this.#settings.get('attention.withoutFirst', document),
        top: nextTokens,
      };
      const rows = await onceMore(() =>
        this.#engine.attend(params, {
          lane: documentLane('overlay.attention', document),
          cancellation: source.token,
        }),
      );
      // Edits come with a new question of their own.
      if (source.token.isCancellationRequested || document.version !== version) return;
      const spans = rows.tokens.map((token, key): ScoredSpan => ({ ...token, score: rows.weights[key]! }));
      this.#answers.set(document, { rows, view, text: read, span, tokens: displayTokens(read, spans, 0) });
      this.#changed.fire(document);
    } catch (error) {
      const isSettled = error instanceof EngineError && ['cancelled', 'superseded'].includes(error.code);
      if (isSettled) return;
      this.#hasFailed = !isPassing(error);
      this.#problems.report(error);
    } finally {
      source.dispose();
      if (this.#requests.get(document) === source) this.#requests.delete(document);
    }
  }

  #view(document: TextDocument): AttentionView {
    const kind = this.#settings.get('attention.view', document);
    const layer = this.#settings.get('attention.layer', document);
    if (kind === 'head') return { kind, layer, head: this.#settings.get('attention.head', document) };
    return kind === 'layer' ? { kind, layer } : { kind };
  }

  #follow(document: TextDocument, changes: Parameters<TrackedSpan['apply']>[0]): void {
    const answer = this.#answers.get(document);
    if (!answer) return;
    answer.span.apply(changes);
    if (!answer.span.intact) this.#answers.delete(document);
    this.#changed.fire(document);
  }
}

export function viewName(view: AttentionView): string {
  switch (view.kind) {
    case 'head':
      return l10n.t('Attention of layer {0}, head {1}', view.layer, view.head);
    case 'layer':
      return l10n.t('Mean attention of layer {0}', view.layer);
    case 'mean':
      return l10n.t('Mean attention of all heads');
    case 'rollout':
      return l10n.t('Attention rollout');
  }
}

/** Tokens other than the query. BOS has no place in the text. */
function keys({ tokens }: Answer): DisplayToken[] {
  return tokens.slice(0, -1).filter(({ start, end, score }) => end > start && score > 0);
}

function picture(document: TextDocument, answer: Answer, query: Range): AttentionPicture {
  const { rows, view } = answer;
  return {
    query,
    keys: keys(answer).map((token) => ({ range: rangeOf(document, answer, token), weight: token.score })),
    layers: rows.layers,
    heads: rows.heads,
    rows: rows.rows,
    chosen: view.kind === 'head' ? { layer: view.layer, head: view.head } : null,
    next: rows.next.map((token) => ({
      ...token,
      probabilityText: numbers.percent(token.probability),
    })),
    title: viewName(view),
    caption: l10n.t('Layers × heads: what each attends to from here'),
    nextTitle: l10n.t('Expected next'),
  };
}

function rangeOf(
  document: TextDocument,
  { span }: Answer,
  { start, end }: { start: number; end: number },
): Range {
  return new Range(document.positionAt(start + span.start), document.positionAt(end + span.start));
}

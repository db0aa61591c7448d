import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import {
  type Disposable,
  EventEmitter,
  type Memento,
  Range,
  type TextDocument,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { ModelText } from '../../protocol/engine.ts';
import type { TextRange } from '../../protocol/results.ts';
import { sha256 } from '../../text/sha256.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import { modelText } from '../explain/request.ts';
import type { Painter } from '../paint/painter.ts';
import { type Settings, section } from '../settings.ts';
import { type Snapshot, takeSnapshot } from '../text/snapshot.ts';
import { TrackedSpan } from '../text/trackedSpan.ts';

/** The text that a panel shows, and what the model is given of it. */
export interface Reading {
  readonly document: TextDocument;
  /** The text that the model is given, and the range in it that a person chose. */
  readonly snapshot: Snapshot;
  readonly params: ModelText;
  /** False once the text has been edited: the panel then shows an earlier text. */
  readonly isCurrent: boolean;
}

/** What is remembered when the window is reloaded: where the text was, and its hash, by which it is recognised. */
const remembered = v.object({
  uri: v.string(),
  base: v.number(),
  start: v.number(),
  end: v.number(),
  whole: v.boolean(),
  sha256: v.string(),
});

interface Shown extends Reading {
  isCurrent: boolean;
  span: TrackedSpan;
}

/**
 * The text that such a panel shows: the explained one, the selection, or the paragraph at the cursor, taken when a
 * person opens the panel or asks to read again. Links places in the text with places in the document, in both
 * directions.
 */
export class ReadText implements Disposable {
  readonly #settings: Settings;
  readonly #texts: ExplainedTexts;
  readonly #painter: Painter;
  readonly #memory: { state: Memento; key: string };
  readonly #changed = new EventEmitter<void>();
  readonly #pointed = new EventEmitter<number>();
  readonly #subscriptions: Disposable[];
  #shown: Shown | null = null;

  readonly onDidChange = this.#changed.event;
  /** Where the cursor is, in UTF-16 units from the beginning of the text that the model was given. */
  readonly onDidPoint = this.#pointed.event;

  /** @param memory where to remember what was looked at */
  constructor(
    settings: Settings,
    texts: ExplainedTexts,
    painter: Painter,
    memory: { state: Memento; key: string },
  ) {
    this.#settings = settings;
    this.#texts = texts;
    this.#painter = painter;
    this.#memory = memory;
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const shown = this.#shown;
        if (shown?.document !== document || contentChanges.length === 0) return;
        shown.span.apply(contentChanges);
        if (shown.span.intact || !shown.isCurrent) return;
        shown.isCurrent = false;
        this.#changed.fire();
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#pointFrom(textEditor)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.#readAnew();
      }),
    ];
  }

  get current(): Reading | null {
    return this.#shown;
  }

  /** Takes the text that a person is looking at. If there is none, the old one stays. */
  look(): void {
    const editor = this.#editor();
    if (!editor) return;
    const { document } = editor;
    const snapshot = takeSnapshot(
      document.getText(),
      this.#stretch(editor),
      this.#settings.get('context', document),
    );
    this.#take(document, snapshot);
    const { base, range, whole } = snapshot;
    const memory = { uri: document.uri.toString(), base, ...range, whole, sha256: sha256(snapshot.text) };
    void this.#memory.state.update(this.#memory.key, memory);
  }

  /** Takes the text from before the window was reloaded, if it is unchanged in its place. */
  async restore(): Promise<void> {
    const parsed = v.safeParse(remembered, this.#memory.state.get(this.#memory.key));
    if (!parsed.success) return;
    const { uri, base, start, end, whole } = parsed.output;
    const document = await workspace.openTextDocument(Uri.parse(uri)).then(undefined, () => null);
    if (!document || this.#shown) return;
    const text = document.getText().slice(base, base + end);
    if (sha256(text) === parsed.output.sha256)
      this.#take(document, { base, text, range: { start, end }, whole });
  }

  /** Outlines a range of the text in the editor; null for none. */
  point(span: TextRange | null): void {
    const shown = this.#shown;
    const range = () => (shown?.span.intact && span ? this.#rangeOf(shown, span) : null);
    this.#painter.point(shown && span ? { document: shown.document, range } : null);
  }

  /** Where a range of the text is in the document now; null if the text was edited. */
  placeOf({ start, end }: TextRange): TextRange | null {
    const shown = this.#shown;
    return shown?.span.intact ? { start: shown.span.start + start, end: shown.span.start + end } : null;
  }

  /** Where the range that a person chose is in the document now; null if the text was edited. */
  get stretch(): TextRange | null {
    return this.#shown && this.placeOf(this.#shown.snapshot.range);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#pointed.dispose();
  }

  #take(document: TextDocument, snapshot: Snapshot): void {
    this.#shown = {
      document,
      snapshot,
      params: modelText(snapshot.text, document, this.#settings),
      isCurrent: true,
      span: new TrackedSpan(snapshot.base, snapshot.base + snapshot.text.length),
    };
    this.#changed.fire();
  }

  /** Reads the same text with the current settings, which makes another {@link current}. */
  #readAnew(): void {
    const shown = this.#shown;
    if (!shown) return;
    const params = modelText(shown.snapshot.text, shown.document, this.#settings);
    if (isDeepStrictEqual(params, shown.params)) return;
    this.#shown = { ...shown, params };
    this.#changed.fire();
  }

  /**
   * No editor is active while a panel has the focus. Then it is the visible editor of the text that is shown, or any
   * visible one.
   */
  #editor(): TextEditor | undefined {
    const { activeTextEditor, visibleTextEditors } = window;
    const own = visibleTextEditors.find(({ document }) => document === this.#shown?.document);
    return activeTextEditor ?? own ?? visibleTextEditors[0];
  }

  #stretch({ document, selection }: TextEditor): TextRange {
    if (!selection.isEmpty) {
      return { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    }
    return this.#texts.of(document)?.question.stretch ?? paragraphAt(document, selection.active.line);
  }

  #rangeOf({ document, span }: Shown, { start, end }: TextRange): Range {
    return new Range(document.positionAt(span.start + start), document.positionAt(span.start + end));
  }

  #pointFrom({ document, selection }: TextEditor): void {
    const shown = this.#shown;
    if (shown?.document !== document || !shown.span.intact) return;
    this.#pointed.fire(document.offsetAt(selection.active) - shown.span.start);
  }
}

/** The block of non-blank lines around a line; from a blank line, the block before it. */
function paragraphAt(document: TextDocument, line: number): TextRange {
  const isBlank = (at: number) => document.lineAt(at).isEmptyOrWhitespace;
  let last = line;
  while (last > 0 && isBlank(last)) last--;
  let first = last;
  while (first > 0 && !isBlank(first - 1)) first--;
  while (last < document.lineCount - 1 && !isBlank(last) && !isBlank(last + 1)) last++;
  return {
    start: document.offsetAt(document.lineAt(first).range.start),
    end: document.offsetAt(document.lineAt(last).range.end),
  };
}

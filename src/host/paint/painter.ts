import { type Disposable, Range, type TextDocument, type TextEditor, window, workspace } from 'vscode';
import type { Marks } from '../overlay/overlay.ts';
import type { Overlays } from '../overlay/overlays.ts';
import { type Settings, section } from '../settings.ts';
import type { AttentionPainter } from './attentionPainter.ts';
import { breakLook, Decorations, keyOf, type Style } from './decorations.ts';
import { lineBreaks } from './lineBreaks.ts';

/** A place that is pointed at from elsewhere. */
export interface Pointed {
  document: TextDocument;
  /** Where it is now; null if it is gone. */
  range(): Range | null;
}

/** Keeps what is drawn on every visible editor in step with the overlays. */
export class Painter implements Disposable {
  readonly #overlays: Overlays;
  readonly #settings: Settings;
  /** Made when an editor needs them first. */
  readonly #decorations = new Map<Style, Decorations>();
  readonly #painted = new WeakMap<TextEditor, Decorations>();
  readonly #subscriptions: Disposable[];
  /** Loaded with the first picture: the tables for measuring its texts take a third of the extension's loading time. */
  #attention: AttentionPainter | null = null;
  #isDisposed = false;
  #pointed: Pointed | null = null;

  constructor(overlays: Overlays, settings: Settings) {
    this.#overlays = overlays;
    this.#settings = settings;
    this.#subscriptions = [
      overlays.onDidChange((document) => this.#paintDocument(document)),
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#paint(editor);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(`${section}.style`)) return;
        for (const editor of window.visibleTextEditors) this.#paint(editor);
      }),
    ];
  }

  /** Outlines a place in the editors of its document; null: none. */
  point(pointed: Pointed | null): void {
    this.#pointed = pointed;
    for (const editor of window.visibleTextEditors) {
      const { pointed: style } = this.#decorationsFor(editor);
      editor.setDecorations(style, this.#pointedRange(editor));
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const decorations of this.#decorations.values()) decorations.dispose();
    this.#attention?.dispose();
    this.#isDisposed = true;
  }

  #paintDocument(document: TextDocument): void {
    for (const editor of window.visibleTextEditors) if (editor.document === document) this.#paint(editor);
  }

  #paint(editor: TextEditor): void {
    const isShown = this.#overlays.of(editor.document) !== null;
    const before = this.#painted.get(editor);
    if (!isShown) {
      if (before) this.#clear(editor, before);
      return;
    }
    const decorations = this.#decorationsFor(editor);
    if (before && before !== decorations) this.#clear(editor, before);
    this.#painted.set(editor, decorations);
    this.#draw(editor, decorations, this.#overlays.marks(editor));
  }

  #draw(editor: TextEditor, decorations: Decorations, marks: Marks): void {
    const ranges = new Map<string, Range[]>([...decorations.tokens.keys()].map((key) => [key, []]));
    for (const mark of marks.tokens) ranges.get(keyOf(mark))?.push(mark.range);
    for (const [key, type] of decorations.tokens) editor.setDecorations(type, ranges.get(key) ?? []);
    editor.setDecorations(decorations.hatched, marks.hatched);
    const style = this.#settings.get('style', editor.document);
    editor.setDecorations(
      decorations.breaks,
      marks.tokens.flatMap((mark) =>
        lineBreaks(mark.range, editor.document).map((range) => ({
          range,
          renderOptions: breakLook(mark, style),
        })),
      ),
    );
    editor.setDecorations(decorations.quiet, [new Range(0, 0, editor.document.lineCount, 0)]);
    const { words, place, target, query, picture } = marks;
    editor.setDecorations(
      decorations.words,
      words
        ? [
            {
              range: new Range(words.position, words.position),
              hoverMessage: words.details,
              renderOptions: { after: { contentText: words.text } },
            },
          ]
        : [],
    );
    editor.setDecorations(decorations.place, place ? [place] : []);
    editor.setDecorations(decorations.target, target ? [target] : []);
    // The picture has a ring of its own, to which its arcs are attached.
    editor.setDecorations(decorations.query, query && !picture ? [query] : []);
    if (this.#attention) this.#attention.paint(editor, picture);
    else if (picture) void this.#loadPictures();
    editor.setDecorations(decorations.pointed, this.#pointedRange(editor));
  }

  async #loadPictures(): Promise<void> {
    const { AttentionPainter } = await import('./attentionPainter.ts');
    if (this.#attention || this.#isDisposed) return;
    this.#attention = new AttentionPainter();
    for (const editor of window.visibleTextEditors) this.#paint(editor);
  }

  #clear(editor: TextEditor, decorations: Decorations): void {
    for (const type of decorations.all()) editor.setDecorations(type, []);
    this.#attention?.paint(editor, null);
    this.#painted.delete(editor);
  }

  #pointedRange({ document }: TextEditor): Range[] {
    const range = this.#pointed?.document === document ? this.#pointed.range() : null;
    return range ? [range] : [];
  }

  #decorationsFor({ document }: TextEditor): Decorations {
    const style = this.#settings.get('style', document);
    let decorations = this.#decorations.get(style);
    if (!decorations) {
      decorations = new Decorations(style);
      this.#decorations.set(style, decorations);
    }
    return decorations;
  }
}

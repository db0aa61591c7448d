import { type DecorationOptions, type Disposable, Range, type TextEditor, window, workspace } from 'vscode';
import { levelOf } from '../../text/level.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import { predictionText } from '../explain/sentences.ts';
import { type Settings, section } from '../settings.ts';
import { Decorations } from './decorations.ts';

/** Keeps the colours on every visible editor in step with the explained texts. */
export class Painter implements Disposable {
  readonly #texts: ExplainedTexts;
  readonly #settings: Settings;
  readonly #decorations = new Decorations();
  readonly #painted = new WeakSet<TextEditor>();
  readonly #subscriptions: Disposable[];
  #pointed: { explained: ExplainedText; token: number } | null = null;

  constructor(texts: ExplainedTexts, settings: Settings) {
    this.#texts = texts;
    this.#settings = settings;
    this.#subscriptions = [
      texts.onDidChange(({ kind, explained }) => {
        if (kind === 'scored' || kind === 'looked-at') return;
        for (const editor of editorsOf(explained)) this.#paint(editor);
      }),
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#paint(editor);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(`${section}.intensity`)) return;
        for (const editor of window.visibleTextEditors) this.#paint(editor);
      }),
    ];
  }

  /** Outlines a token in the editors of its document; null: none. */
  point(explained: ExplainedText, token: number | null): void {
    this.#pointed = token === null ? null : { explained, token };
    for (const editor of editorsOf(explained)) this.#paintPointed(editor);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#decorations.dispose();
  }

  #paint(editor: TextEditor): void {
    const explained = this.#texts.of(editor.document);
    if (!explained && !this.#painted.has(editor)) return;
    const ranges = new Map<number, Range[]>([...this.#decorations.tokens.keys()].map((level) => [level, []]));
    if (explained) {
      const intensity = this.#settings.get('intensity', editor.document);
      for (const token of explained.tokens) {
        const level = levelOf(token.score, explained.largest, intensity);
        ranges.get(level)?.push(explained.rangeOf(token));
      }
    }
    for (const [level, type] of this.#decorations.tokens)
      editor.setDecorations(type, ranges.get(level) ?? []);
    this.#paintPrediction(editor, explained);
    this.#paintPointed(editor);
    if (explained) this.#painted.add(editor);
    else this.#painted.delete(editor);
  }

  #paintPrediction(editor: TextEditor, explained: ExplainedText | undefined): void {
    const words: DecorationOptions[] = [];
    const places: Range[] = [];
    if (explained?.explanation) {
      const { end } = explained.range;
      const lineEnd = editor.document.lineAt(end.line).range.end;
      const contentText = predictionText(explained.explanation);
      words.push({ range: new Range(lineEnd, lineEnd), renderOptions: { after: { contentText } } });
      if (end.isBefore(lineEnd)) places.push(new Range(end, end.translate(0, 1)));
    }
    editor.setDecorations(this.#decorations.prediction, words);
    editor.setDecorations(this.#decorations.position, places);
  }

  #paintPointed(editor: TextEditor): void {
    const explained = this.#texts.of(editor.document);
    const index = explained && this.#pointed?.explained === explained ? this.#pointed.token : -1;
    const token = explained?.tokens[index];
    editor.setDecorations(this.#decorations.pointed, explained && token ? [explained.rangeOf(token)] : []);
  }
}

function editorsOf({ document }: ExplainedText): TextEditor[] {
  return window.visibleTextEditors.filter((editor) => editor.document === document);
}

import {
  DecorationRangeBehavior,
  type DecorationRenderOptions,
  type Disposable,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  window,
  workspace,
} from 'vscode';
import type { AttentionPicture } from '../overlay/attentionPicture.ts';
import { attentionStyles, hangingColumn } from './pictures/anchors.ts';
import { arcFrom, strongestKeys } from './pictures/arcs.ts';
import { drawCards } from './pictures/card.ts';
import { cardLayers } from './pictures/cardPlace.ts';
import { columnsNear } from './pictures/columns.ts';

type Types = Record<'query' | 'top' | 'bottom' | 'hanging', TextEditorDecorationType> & {
  keys: TextEditorDecorationType[];
};

/** Draws the pictures of the attention overlay on editors: arcs from the keys to the query, and the card at it. */
export class AttentionPainter implements Disposable {
  readonly #painted = new Set<TextEditor>();
  readonly #subscriptions: Disposable[];
  /** Made when a picture is first drawn, because their styles affect every editor. */
  #types: Types | null = null;

  constructor() {
    this.#subscriptions = [
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (this.#painted.has(textEditor)) this.#paintEdges(textEditor);
      }),
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of this.#painted) if (!editors.includes(editor)) this.#painted.delete(editor);
      }),
    ];
  }

  /** null: nothing. */
  paint(editor: TextEditor, picture: AttentionPicture | null): void {
    if (picture) this.#draw(editor, picture);
    else if (this.#painted.has(editor)) this.#clear(editor);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    if (this.#types) for (const type of all(this.#types)) type.dispose();
  }

  #draw(editor: TextEditor, picture: AttentionPicture): void {
    this.#types ??= createTypes();
    const { query, keys, hanging } = this.#types;
    this.#painted.add(editor);
    const arcs = strongestKeys(picture.keys.map(({ weight }) => weight));
    editor.setDecorations(query, [picture.query]);
    for (const [slot, type] of keys.entries()) {
      const arc = arcs[slot];
      editor.setDecorations(type, arc ? [picture.keys[arc.key]!.range] : []);
    }
    const { start, end } = picture.query;
    const line = editor.document.lineAt(end.line).text;
    const column = hangingColumn(line, start.line === end.line ? start.character : 0, end.character);
    const place = new Range(end.line, column, end.line, column);
    const fontFamily = workspace.getConfiguration('editor', editor.document).get('fontFamily', 'monospace');
    const pictures = [
      ...arcs.map(({ level }, slot) => arcFrom(slot, level, arcs.length)),
      ...cardLayers(drawCards({ ...picture, fontFamily }), columnsNear(editor, picture.query)),
    ];
    editor.setDecorations(
      hanging,
      pictures.map((renderOptions) => ({ range: place, renderOptions })),
    );
    this.#paintEdges(editor);
  }

  /**
   * The card has room between the first and the last visible line; arcs from above the first line come from out of
   * sight.
   */
  #paintEdges(editor: TextEditor): void {
    const [first, last] = [editor.visibleRanges[0], editor.visibleRanges.at(-1)];
    if (!this.#types || !first || !last) return;
    editor.setDecorations(this.#types.top, [new Range(first.start, first.start)]);
    editor.setDecorations(this.#types.bottom, [new Range(last.end, last.end)]);
  }

  #clear(editor: TextEditor): void {
    this.#painted.delete(editor);
    if (this.#types) for (const type of all(this.#types)) editor.setDecorations(type, []);
  }
}

function createTypes(): Types {
  const { query, keys, top, bottom, hanging } = attentionStyles();
  return {
    query: create(query),
    keys: keys.map(create),
    top: create(top),
    bottom: create(bottom),
    hanging: create(hanging),
  };
}

const all = ({ keys, ...others }: Types) => [...keys, ...Object.values(others)];

function create(options: DecorationRenderOptions): TextEditorDecorationType {
  const rangeBehavior = DecorationRangeBehavior.ClosedClosed;
  return window.createTextEditorDecorationType({ ...options, rangeBehavior });
}

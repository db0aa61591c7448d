import { CancellationTokenSource, type Disposable, l10n, Selection, type TextEditor, window } from 'vscode';
import type { ExplainParams } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Explanation } from '../../protocol/results.ts';
import type { Activity } from '../activity.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { stretchBefore, takeSnapshot } from '../text/snapshot.ts';
import { ExplainedText } from './explainedText.ts';
import type { ExplainedTexts } from './explainedTexts.ts';
import { explainParams, scoreParams } from './request.ts';
import type { Stopwatch } from './stopwatch.ts';

/** `Whytoken: Explain Selection`: from the selection to colours, and after them the probabilities for the hover. */
export class Explainer implements Disposable {
  readonly #engine: EngineClient;
  readonly #texts: ExplainedTexts;
  readonly #activity: Activity;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #stopwatch: Stopwatch;
  #scoring: CancellationTokenSource | null = null;

  constructor(
    engine: EngineClient,
    texts: ExplainedTexts,
    activity: Activity,
    settings: Settings,
    problems: Problems,
    stopwatch: Stopwatch,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#activity = activity;
    this.#settings = settings;
    this.#problems = problems;
    this.#stopwatch = stopwatch;
  }

  async explainSelection(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      this.#problems.note(l10n.t('Open a text and select what is to be explained.'));
      return;
    }
    this.#stopwatch.start();
    this.#scoring?.cancel();
    try {
      const explained = this.#take(editor);
      const params = explainParams(explained.snapshot, editor.document, this.#settings);
      await this.#explain(editor, explained, params);
      this.#stopwatch.stop(explained.tokens.length);
      await this.#score(explained, params);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  dispose(): void {
    this.#scoring?.cancel();
    this.#scoring?.dispose();
  }

  /** The primary selection; without one what was explained last if the cursor still stands behind it; else the line. */
  #take(editor: TextEditor): ExplainedText {
    const { document, selection, selections } = editor;
    const text = document.getText();
    const context = this.#settings.get('context', document);
    const offsets = (range: { start: Selection['start']; end: Selection['end'] }) => ({
      start: document.offsetAt(range.start),
      end: document.offsetAt(range.end),
    });
    const shown = this.#texts.of(document);
    const again = selection.isEmpty && shown?.range.end.isEqual(selection.end) ? shown : null;
    const chosen = again?.range ?? selection;
    const stretch = chosen.isEmpty
      ? stretchBefore(text, document.offsetAt(selection.active))
      : offsets(chosen);
    const snapshot = takeSnapshot(text, stretch, context);
    if (snapshot.range.start === snapshot.range.end) throw new EngineError('text-empty');
    const kind = chosen.isEmpty ? 'line' : 'selection';
    return new ExplainedText(document, snapshot, again?.choice ?? { kind, selections: selections.length });
  }

  async #explain(editor: TextEditor, explained: ExplainedText, params: ExplainParams): Promise<void> {
    const { selection } = editor;
    await this.#activity.run('explain', async (source, report) => {
      const cancellation = source.token;
      const show = (explanation: Explanation) => {
        if (cancellation.isCancellationRequested) return;
        this.#texts.answer(explained, explanation);
        this.#stopwatch.painted();
        collapse(editor, selection);
      };
      this.#texts.begin(explained, () => {
        source.cancel();
        if (explained.document.isClosed) return;
        this.#problems.note(l10n.t('The text was changed, so its explanation was dropped.'));
      });
      try {
        show(
          await this.#engine.explain(params, {
            cancellation,
            onProgress: (progress) => {
              report(progress);
              if (progress.partial) show(progress.partial);
            },
          }),
        );
      } finally {
        this.#texts.end(explained);
      }
    });
  }

  /** In the background: whoever hovers meanwhile sees what is known. */
  async #score(explained: ExplainedText, params: ExplainParams): Promise<void> {
    if (this.#texts.of(explained.document) !== explained) return;
    const source = new CancellationTokenSource();
    this.#scoring = source;
    try {
      this.#texts.score(
        explained,
        await this.#engine.score(scoreParams(params), { cancellation: source.token }),
      );
    } finally {
      source.dispose();
      if (this.#scoring === source) this.#scoring = null;
    }
  }
}

/** The editor's selection colour lies over the colours; left alone if it was moved meanwhile. */
function collapse(editor: TextEditor, chosen: Selection): void {
  if (chosen.isEmpty || !editor.selection.isEqual(chosen)) return;
  editor.selection = new Selection(chosen.end, chosen.end);
}

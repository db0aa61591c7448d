import {
  CancellationTokenSource,
  type Disposable,
  l10n,
  type Position,
  Range,
  Selection,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  window,
} from 'vscode';
import type { Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { PartialExplanation } from '../../protocol/results.ts';
import { deltaText } from '../../text/telling/sums.ts';
import type { EngineClient } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import type { Job, Jobs, Report } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import type { Settings } from '../settings.ts';
import { telling } from '../telling.ts';
import { cutBehindToken } from '../text/cut.ts';
import {
  offsetAtCursor,
  paragraphBefore,
  stretchBefore,
  takeSnapshot,
  withoutEnd,
  withoutSpaceBehind,
} from '../text/snapshot.ts';
import { ExplainedText } from './explainedText.ts';
import type { ExplainedTexts } from './explainedTexts.ts';
import { afterStretch, type FoilChoice, type Question } from './question.ts';
import { explainParams } from './request.ts';
import type { Stopwatch } from './stopwatch.ts';

/** From a question to its answer on the text. */
export class Explainer implements Disposable {
  readonly #engine: EngineClient;
  readonly #texts: ExplainedTexts;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #stopwatch: Stopwatch;
  readonly #scored: ScoredDocuments;
  /** What was explained last is wanted for the hover. */
  #scores: Disposable | null = null;
  #live: CancellationTokenSource | null = null;

  constructor(
    engine: EngineClient,
    texts: ExplainedTexts,
    jobs: Jobs,
    settings: Settings,
    problems: Problems,
    stopwatch: Stopwatch,
    scored: ScoredDocuments,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#problems = problems;
    this.#stopwatch = stopwatch;
    this.#scored = scored;
  }

  /** `Whytoken: Explain Selection`: why does the model go on as it would? */
  async explainSelection(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      this.#problems.note(l10n.t('Open a text and select what is to be explained.'));
      return;
    }
    await this.#ask(editor.document, this.#aboutSelection(editor), editor);
  }

  /** `Whytoken: Explain This Token`: why does the token at a place, by default at the cursor, stand there? */
  async explainToken(place = placeOfCursor(), foil: FoilChoice | null = null): Promise<void> {
    if (!place) {
      this.#problems.note(l10n.t('Open a text and put the cursor on the token that is to be explained.'));
      return;
    }
    const { document, offset } = place;
    const text = document.getText();
    const stretch = { start: paragraphBefore(text, offset).start, end: cutBehindToken(text, offset) };
    const choice = { kind: 'token' as const, selections: 1 };
    await this.#ask(document, { stretch, at: offset, target: { kind: 'actual' }, foil, choice }, null);
  }

  /** The same question with another foil. */
  async whyNot(explained: ExplainedText, foil: FoilChoice): Promise<void> {
    await this.askAgain(explained, foil);
  }

  /** The same question as the settings have it by now. */
  async askAgain({ document, question }: ExplainedText, foil: FoilChoice | null): Promise<void> {
    await this.#ask(document, { ...question, foil }, null);
  }

  /** A question about a text that nobody has to look at. */
  async explainQuestion(document: TextDocument, question: Question): Promise<void> {
    await this.#ask(document, question, null);
  }

  /** Why the model's own next token after a stretch, and not the foil? */
  async explainNext(
    document: TextDocument,
    stretch: Question['stretch'],
    foil: FoilChoice | null,
  ): Promise<void> {
    const choice = { kind: 'selection' as const, selections: 1 };
    await this.#ask(document, { ...afterStretch(stretch, choice), foil }, null);
  }

  /** Asks again what was asked before the window was reloaded. Errors are only logged, because nobody is waiting. */
  async explainAgain(document: TextDocument, question: Question): Promise<void> {
    try {
      const explained = this.#take(document, question);
      await this.#jobs.run(jobOf(document), (source, report) => this.#answer(explained, source, report));
    } catch (error) {
      this.#problems.log(error);
    }
  }

  /** Why the model's own next token at the cursor, while somebody types? Errors are only logged. */
  async explainLive(editor: TextEditor): Promise<void> {
    this.#live?.cancel();
    const { document, selection } = editor;
    const { stretch, isTrimmed } = this.#lineBefore(document, selection.active);
    if (stretch.start === stretch.end) return;
    const source = new CancellationTokenSource();
    this.#live = source;
    const explained = this.#take(document, afterStretch(stretch, { kind: 'live', selections: 1, isTrimmed }));
    try {
      await this.#answer(explained, source, () => {});
    } catch (error) {
      this.#problems.log(error);
    } finally {
      source.dispose();
      if (this.#live === source) this.#live = null;
    }
  }

  stopLive(): void {
    this.#live?.cancel();
  }

  dispose(): void {
    this.stopLive();
    this.#scores?.dispose();
  }

  /**
   * The primary selection. If it is empty: what was explained last, if the cursor still stands right after it;
   * otherwise the line.
   */
  #aboutSelection({ document, selection, selections }: TextEditor): Question {
    const shown = this.#texts.of(document);
    if (selection.isEmpty && shown?.question.at === null && shown.range.end.isEqual(selection.end)) {
      return shown.question;
    }
    if (selection.isEmpty) {
      const { stretch, isTrimmed } = this.#lineBefore(document, selection.active);
      return afterStretch(stretch, { kind: 'line', selections: selections.length, isTrimmed });
    }
    const selected = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const stretch = this.#isTrimming(document) ? withoutEnd(document.getText(), selected) : selected;
    const isTrimmed = stretch.end < selected.end;
    return afterStretch(stretch, { kind: 'selection', selections: selections.length, isTrimmed });
  }

  #lineBefore(
    document: TextDocument,
    position: Position,
  ): { stretch: Question['stretch']; isTrimmed: boolean } {
    const text = document.getText();
    const line = stretchBefore(text, document.offsetAt(position));
    const stretch = this.#isTrimming(document) ? withoutSpaceBehind(text, line) : line;
    return { stretch, isTrimmed: stretch.end < line.end };
  }

  #isTrimming(document: TextDocument): boolean {
    return this.#settings.get('trimSelection', document);
  }

  async #ask(document: TextDocument, question: Question, editor: TextEditor | null): Promise<void> {
    this.#live?.cancel();
    const lap = this.#stopwatch.start();
    const chosen = editor?.selection;
    let isRevealed = false;
    const shown = () => {
      lap.painted();
      const end = this.#texts.of(document)?.range.end;
      if (!editor || !chosen || !end) return;
      collapse(editor, chosen, end);
      if (!isRevealed)
        editor.revealRange(new Range(end, end), TextEditorRevealType.InCenterIfOutsideViewport);
      isRevealed = true;
    };
    try {
      const asked = this.#take(document, question);
      const known = this.#texts.known(asked);
      const explained = known ?? asked;
      // Also what is known runs as a job: it takes the place of what is under way in the document.
      await this.#jobs.run(jobOf(document), async (source, report) => {
        if (!known) return this.#answer(asked, source, report, shown);
        this.#texts.show(known);
        shown();
      });
      lap.stop(explained.tokens.length);
      if (this.#texts.of(document) === explained) this.#wantScores(explained);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  /** For the hover, which is what comes next. The model has just answered, so what failed before may work now. */
  #wantScores({ document, question }: ExplainedText): void {
    this.#scored.retry();
    const before = this.#scores;
    this.#scores = this.#scored.wantWords(document, question.stretch, 'seen');
    before?.dispose();
  }

  #take(document: TextDocument, question: Question): ExplainedText {
    const context = this.#settings.get('context', document);
    const snapshot = takeSnapshot(document.getText(), question.stretch, context);
    if (snapshot.range.start === snapshot.range.end) throw new EngineError('text-empty');
    const before = question.choice.kind === 'live' ? this.#texts.of(document)?.explanation : null;
    const params = explainParams(question, snapshot, document, this.#settings);
    return new ExplainedText(document, question, snapshot, params, before ?? null);
  }

  async #answer(
    explained: ExplainedText,
    source: CancellationTokenSource,
    report: Report,
    shown: () => void = () => {},
  ): Promise<void> {
    const { document, choice, params } = explained;
    const show = (explanation: PartialExplanation) => {
      if (source.token.isCancellationRequested) return;
      this.#texts.answer(explained, explanation);
      shown();
    };
    this.#texts.begin(explained, () => {
      source.cancel();
      if (document.isClosed || choice.kind === 'live') return;
      this.#problems.note(l10n.t('The text was changed, so its explanation was dropped.'));
    });
    try {
      show(
        await this.#engine.explain(params, {
          lane: documentLane(choice.kind === 'live' ? 'live' : 'explain', document),
          cancellation: source.token,
          onProgress: (progress) => {
            report(progress, refiningPhase(progress, explained.explanation));
            if (progress.partial) show(progress.partial);
          },
        }),
      );
    } finally {
      this.#texts.end(explained);
    }
  }
}

/** One explanation per document: a new question takes the place of the one that is under way. */
function jobOf(document: TextDocument): Job {
  return { name: `explain ${document.uri}`, kind: 'explain', title: l10n.t('Explaining') };
}

/** What is done once a first answer is on the text and nobody knows how much is left; null before. */
function refiningPhase(
  { done, total, partial }: Progress<PartialExplanation>,
  shown: PartialExplanation | null,
): string | null {
  const latest = partial ?? shown;
  if (!latest?.refining || (total !== null && done <= total)) return null;
  return latest.delta === null
    ? l10n.t('Refining…')
    : l10n.t('Refining… δ = {0}', deltaText(latest, telling));
}

interface Place {
  document: TextDocument;
  offset: number;
}

function placeOfCursor(): Place | null {
  const editor = window.activeTextEditor;
  if (!editor) return null;
  const { document, selection } = editor;
  return { document, offset: offsetAtCursor(document.getText(), document.offsetAt(selection.active)) };
}

/**
 * Empties the selections, because the editor's selection colour would hide ours. All cursors stay, the primary one at the
 * end of what is explained. A selection that was moved meanwhile is left alone.
 */
function collapse(editor: TextEditor, chosen: Selection, end: Position): void {
  if (chosen.isEmpty || !editor.selection.isEqual(chosen)) return;
  const others = editor.selections.slice(1).map((selection) => selection.end);
  editor.selections = [end, ...others].map((place) => new Selection(place, place));
}

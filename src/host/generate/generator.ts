import {
  type CancellationToken,
  type Disposable,
  EndOfLine,
  l10n,
  Range,
  Selection,
  type TextDocument,
  type TextEditor,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { GeneratedPiece, GenerateParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { GeneratedSequence } from '../../protocol/results.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Job, Jobs } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { takeSnapshot } from '../text/snapshot.ts';
import { Candidate } from './candidate.ts';
import type { GeneratedTexts } from './generatedTexts.ts';
import {
  changedNote,
  continuedNote,
  emptyNote,
  endNote,
  offeredNote,
  outdatedNote,
  readOnlyNote,
} from './notes.ts';
import { generateParams, isGreedy } from './request.ts';
import { Session } from './session.ts';
import { isReadOnly } from './writable.ts';

/** What might have stood in a token's place. */
export interface Alternative {
  id: number;
  text: string;
}

/** A token's place: UTF-16 offsets of the text that a document had in a version. */
interface Place {
  document: TextDocument;
  version: number;
  start: number;
  end: number;
}

/** Continuations: offered at the cursor while they come, or put in the place of what stands there. */
export class Generator implements Disposable {
  readonly #engine: EngineClient;
  readonly #texts: GeneratedTexts;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;
  #session: Session | null = null;

  constructor(
    engine: EngineClient,
    texts: GeneratedTexts,
    jobs: Jobs,
    settings: Settings,
    problems: Problems,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#problems = problems;
  }

  /** Whether something is being generated, or candidates are offered. */
  get isBusy(): boolean {
    return this.#jobs.running.some(({ kind }) => kind === 'generate') || this.#session?.isLive === true;
  }

  /** `Whytoken: Generate`: candidates at the cursor, or behind the selection. */
  async generate(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      this.#problems.note(l10n.t('Open a text and put the cursor where the continuation should begin.'));
      return;
    }
    await this.#into(editor.document, () => this.#offer(editor));
  }

  /**
   * Puts an alternative, and what the model continues it with, in the place of the token at a UTF-16 range and of what
   * depends on it. The document changes once, when all of it has come.
   */
  async continueFrom(
    document: TextDocument,
    start: number,
    end: number,
    alternative: Alternative,
  ): Promise<void> {
    const place = { document, version: document.version, start, end };
    await this.#into(document, () => this.#replace(place, alternative));
  }

  /** The person wants none of the candidates that are offered. */
  async dismiss(): Promise<void> {
    await this.#session?.close('left');
  }

  dispose(): void {
    this.#session?.dispose();
  }

  async #into(document: TextDocument, work: () => Promise<void>): Promise<void> {
    try {
      await this.#session?.close();
      if (await isReadOnly(document)) this.#problems.note(readOnlyNote());
      else await work();
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async #offer(editor: TextEditor): Promise<void> {
    const { selection, selections } = editor;
    const params = this.#candidateParams(editor);
    // Leaves one cursor, behind the selection: a suggestion would be inserted at every cursor.
    editor.selection = new Selection(selection.end, selection.end);
    const session = new Session(editor, editor.document.offsetAt(selection.end), this.#texts);
    this.#session = session;
    await this.#jobs.run(job(), async (source, report) => {
      let isDone = false;
      source.token.onCancellationRequested(() => void session.close());
      session.onDidEnd((why) => {
        if (isDone) return;
        const note = endNote(why, params.seed);
        if (note !== null) this.#problems.note(note);
        source.cancel();
      });
      try {
        const sequences = await this.#generate(params, source.token, (progress) => {
          report(progress);
          if (progress.partial) session.push(progress.partial);
        });
        const count = await session.finish(sequences);
        if (!session.isLive) return;
        isDone = count > 0;
        this.#problems.note(
          isDone ? offeredNote(params.seed, count, selections.length) : emptyNote(params.seed),
        );
      } finally {
        if (!isDone) await session.close();
      }
    });
  }

  async #replace({ document, version, start, end }: Place, alternative: Alternative): Promise<void> {
    if (document.version !== version) {
      this.#problems.note(outdatedNote(alternative));
      return;
    }
    const snapshot = takeSnapshot(document.getText(), { start, end: start }, 'document');
    const params = { ...generateParams(snapshot.text, document, this.#settings), first: alternative.id };
    await this.#jobs.run(job(), async (source, report) => {
      const subscription = workspace.onDidChangeTextDocument(() => {
        if (document.version === version || source.token.isCancellationRequested) return;
        this.#problems.note(changedNote());
        source.cancel();
      });
      let sequence: GeneratedSequence | undefined;
      try {
        [sequence] = await this.#generate(params, source.token, report);
      } finally {
        subscription.dispose();
      }
      const candidate = new Candidate(document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
      if (sequence) candidate.finish(sequence);
      if (candidate.text === '') {
        this.#problems.note(emptyNote(params.seed));
        return;
      }
      const replaced = new Range(
        document.positionAt(start),
        document.positionAt(this.#endOfDependent(document, start, end)),
      );
      const edit = new WorkspaceEdit();
      edit.replace(document.uri, replaced, candidate.text);
      if (!(await workspace.applyEdit(edit))) {
        this.#problems.note(changedNote());
        return;
      }
      const tokens = candidate.placedTokens();
      this.#texts.insert(
        document,
        start,
        candidate.text,
        tokens.map((placed) => ({ ...placed, start: start + placed.start, end: start + placed.end })),
      );
      this.#problems.note(continuedNote(alternative, params.seed));
    });
  }

  /** What has been generated after a token, or the rest of its line, would hardly follow another token. */
  #endOfDependent(document: TextDocument, start: number, end: number): number {
    const generated = this.#texts.endAt(document, start);
    const line = document.lineAt(document.positionAt(start));
    return Math.max(end, generated ?? document.offsetAt(line.range.end));
  }

  #candidateParams({ document, selection }: TextEditor): GenerateParams {
    const range = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const context = selection.isEmpty ? 'document' : this.#settings.get('context', document);
    const { text } = takeSnapshot(document.getText(), range, context);
    const params = generateParams(text, document, this.#settings);
    if (isGreedy(params)) return params;
    return { ...params, sequences: this.#settings.get('generation.candidates', document) };
  }

  /** @throws EngineError `cancelled` if the request was cancelled, even if the engine has answered since */
  async #generate(
    params: GenerateParams,
    cancellation: CancellationToken,
    onProgress: (progress: Progress<GeneratedPiece>) => void,
  ): Promise<GeneratedSequence[]> {
    const { sequences } = await this.#engine.generate(params, {
      lane: 'generate',
      cancellation,
      onProgress,
    });
    if (cancellation.isCancellationRequested) throw new EngineError('cancelled');
    return sequences;
  }
}

/** One at a time: candidates are offered at one cursor. */
function job(): Job {
  return { name: 'generate', kind: 'generate', title: l10n.t('Generating') };
}

import {
  type Disposable,
  EventEmitter,
  l10n,
  Range,
  Selection,
  type TextDocument,
  type TextEditor,
  window,
} from 'vscode';
import type { GenerateParams } from '../../protocol/engine.ts';
import type { NamedToken } from '../../text/pieceNames.ts';
import type { EngineClient } from '../engine/client.ts';
import { focusOn } from '../focusOn.ts';
import type { Jobs } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { takeSnapshot } from '../text/snapshot.ts';
import type { GeneratedTexts } from './generatedTexts.ts';
import { generate, generateJob } from './generateJob.ts';
import { emptyNote, endNote, offeredNote, outdatedNote, readOnlyNote } from './notes.ts';
import { Replacer } from './replacer.ts';
import { type Alternative, generateParams, isGreedy } from './request.ts';
import { Session } from './session.ts';
import { isReadOnly } from './writable.ts';

/** Where candidates are offered, and what is asked for them. */
interface Offer {
  params: GenerateParams;
  /** UTF-16 offset. */
  anchor: number;
  cursors: number;
  /** What every candidate begins with. */
  first: NamedToken | null;
}

/** Continuations, offered at the cursor while they come. Nothing is in the document before a person takes it. */
export class Generator implements Disposable {
  readonly #engine: EngineClient;
  readonly #texts: GeneratedTexts;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #replacer: Replacer;
  readonly #offered = new EventEmitter<void>();
  #session: Session | null = null;

  /** All candidates of a request are there, and can be seen. */
  readonly onDidOffer = this.#offered.event;

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
    this.#replacer = new Replacer(engine, texts, jobs, settings, problems);
  }

  /** Whether something is being generated, or candidates are offered. */
  get isBusy(): boolean {
    return this.#jobs.running.some(({ kind }) => kind === 'generate') || this.#session?.isLive === true;
  }

  /**
   * `Whytoken: Generate`: candidates at the cursor, or behind the selection.
   * @param sampling in the place of what is set
   */
  async generate(sampling: Partial<GenerateParams> = {}): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      this.#problems.note(l10n.t('Open a text and put the cursor where the continuation should begin.'));
      return;
    }
    const { document, selection, selections } = editor;
    await this.#into(document, () => {
      const context = selection.isEmpty ? 'document' : this.#settings.get('context', document);
      const range = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
      const { text } = takeSnapshot(document.getText(), range, context);
      const params = this.#candidateParams(text, document, sampling);
      return this.#offer(editor, { params, anchor: range.end, cursors: selections.length, first: null });
    });
  }

  /**
   * Candidates that begin with an alternative, offered where a token stands, in front of it.
   * @param start UTF-16 offset of the token in the text that the document has now
   */
  async continueFrom(document: TextDocument, start: number, alternative: Alternative): Promise<void> {
    const { version } = document;
    await this.#into(document, async () => {
      const editor = await focusOn(document);
      if (document.version !== version) {
        this.#problems.note(outdatedNote(alternative));
        return;
      }
      const { text } = takeSnapshot(document.getText(), { start, end: start }, 'document');
      const params = { ...this.#candidateParams(text, document), first: alternative.id };
      await this.#offer(editor, { params, anchor: start, cursors: 1, first: alternative });
    });
  }

  /**
   * An alternative, and what the model continues it with, in the place of the token at a UTF-16 range and of what depends
   * on it: as a comparison of both texts first.
   */
  async replaceFrom(
    document: TextDocument,
    start: number,
    end: number,
    alternative: Alternative,
  ): Promise<void> {
    const place = { document, version: document.version, start, end };
    await this.#into(document, () => this.#replacer.replace(place, alternative));
  }

  /** The person wants none of the candidates that are offered. */
  async dismiss(): Promise<void> {
    await this.#session?.close('left');
  }

  dispose(): void {
    this.#session?.dispose();
    this.#offered.dispose();
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

  async #offer(editor: TextEditor, { params, anchor, cursors, first }: Offer): Promise<void> {
    const at = editor.document.positionAt(anchor);
    // Leaves one cursor: a suggestion would be inserted at every cursor.
    editor.selection = new Selection(at, at);
    editor.revealRange(new Range(at, at));
    const session = new Session(editor, anchor, this.#texts);
    this.#session = session;
    await this.#jobs.run(generateJob(), async (source, report) => {
      /** Told once all of them have come. */
      let offered: string | null = null;
      source.token.onCancellationRequested(() => void session.close());
      session.onDidEnd((why) => {
        const note = offered === null || why === 'taken' ? endNote(why, params.seed) : null;
        if (offered !== null) this.#problems.withdraw(offered);
        else source.cancel();
        if (note !== null) this.#problems.note(note);
      });
      try {
        const sequences = await generate(this.#engine, params, source.token, (progress) => {
          report(progress);
          if (progress.partial) session.push(progress.partial);
        });
        const count = await session.finish(sequences);
        if (count > 0 && session.isLive) this.#offered.fire();
        if (!session.isLive) return;
        if (count > 0) offered = offeredNote(params.seed, count, { cursors, first });
        this.#problems.note(offered ?? emptyNote(params.seed));
      } finally {
        if (offered === null) await session.close();
      }
    });
  }

  #candidateParams(
    text: string,
    document: TextDocument,
    sampling: Partial<GenerateParams> = {},
  ): GenerateParams {
    const params = { ...generateParams(text, document, this.#settings), ...sampling };
    if (isGreedy(params)) return params;
    return { ...params, sequences: this.#settings.get('generation.candidates', document) };
  }
}

import { EndOfLine, Range, type TextDocument, WorkspaceEdit, workspace } from 'vscode';
import type { GeneratedSequence } from '../../protocol/results.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { takeSnapshot } from '../text/snapshot.ts';
import { Candidate } from './candidate.ts';
import type { GeneratedTexts } from './generatedTexts.ts';
import { generate, generateJob } from './generateJob.ts';
import { changedNote, emptyNote, notReplacedNote, outdatedNote, replacedNote } from './notes.ts';
import { isReplacementWanted } from './replacementPreview.ts';
import { type Alternative, generateParams } from './request.ts';

/** A token's place: UTF-16 offsets of the text that a document had in a version. */
interface Place {
  document: TextDocument;
  version: number;
  start: number;
  end: number;
}

/** Puts a continuation in the place of what stands in a document, once a person has seen the difference and wants it. */
export class Replacer {
  readonly #engine: EngineClient;
  readonly #texts: GeneratedTexts;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;

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

  /** @throws EngineError as the engine does, `cancelled` when the text was changed meanwhile */
  async replace(place: Place, alternative: Alternative): Promise<void> {
    const { document, version, start, end } = place;
    if (document.version !== version) {
      this.#problems.note(outdatedNote(alternative));
      return;
    }
    const snapshot = takeSnapshot(document.getText(), { start, end: start }, 'document');
    const params = { ...generateParams(snapshot.text, document, this.#settings), first: alternative.id };
    const sequence = await this.#jobs.run(generateJob(), async (source, report) => {
      const subscription = workspace.onDidChangeTextDocument(() => {
        if (document.version === version || source.token.isCancellationRequested) return;
        this.#problems.note(changedNote());
        source.cancel();
      });
      try {
        return (await generate(this.#engine, params, source.token, report))[0];
      } finally {
        subscription.dispose();
      }
    });
    const candidate = candidateOf(document, sequence);
    if (candidate.text === '') {
      this.#problems.note(emptyNote(params.seed));
      return;
    }
    const replaced = new Range(
      document.positionAt(start),
      document.positionAt(this.#endOfDependent(document, start, end)),
    );
    const isWanted = await isReplacementWanted(document, replaced, candidate.text);
    const isAsRead = document.version === version;
    if (isAsRead && !isWanted) return;
    if (!isAsRead || !(await this.#apply(document, replaced, candidate))) {
      this.#problems.note(notReplacedNote());
      return;
    }
    this.#problems.note(replacedNote(alternative, params.seed));
  }

  async #apply(document: TextDocument, replaced: Range, candidate: Candidate): Promise<boolean> {
    const start = document.offsetAt(replaced.start);
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, replaced, candidate.text);
    if (!(await workspace.applyEdit(edit))) return false;
    const tokens = candidate
      .placedTokens()
      .map((placed) => ({ ...placed, start: start + placed.start, end: start + placed.end }));
    this.#texts.insert(document, start, candidate.text, tokens);
    return true;
  }

  /** What has been generated after a token, or the rest of its line, would hardly follow another token. */
  #endOfDependent(document: TextDocument, start: number, end: number): number {
    const generated = this.#texts.endAt(document, start);
    const line = document.lineAt(document.positionAt(start));
    return Math.max(end, generated ?? document.offsetAt(line.range.end));
  }
}

function candidateOf(document: TextDocument, sequence: GeneratedSequence | undefined): Candidate {
  const candidate = new Candidate(document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
  if (sequence) candidate.finish(sequence);
  return candidate;
}

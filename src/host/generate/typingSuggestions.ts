import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CancellationToken,
  type Disposable,
  EndOfLine,
  type InlineCompletionContext,
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  type LogOutputChannel,
  languages,
  type Position,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { EngineError } from '../../protocol/errors.ts';
import type { EngineClient } from '../engine/client.ts';
import { asEngineError, loggedText } from '../problems.ts';
import { type Settings, section } from '../settings.ts';
import { takeSnapshot } from '../text/snapshot.ts';
import type { GeneratedTexts } from './generatedTexts.ts';
import { LiveCandidates } from './liveCandidates.ts';
import { generateParams } from './request.ts';
import { isWritten } from './writable.ts';

/** The setting that switches them on. */
const enabledSetting = 'inlineCompletion.enabled';

/** A pause in typing before the model is asked. */
const pauseMilliseconds = 300;

/** Short, because it is asked for at every pause: it reads some 500 tokens and writes at most a line. */
const unitsRead = 2048;
const tokensWritten = 16;

/** Suggestions while somebody types. There is no provider, and nothing is computed, where the setting is off. */
export class TypingSuggestions implements InlineCompletionItemProvider, Disposable {
  readonly #engine: EngineClient;
  readonly #texts: GeneratedTexts;
  readonly #settings: Settings;
  readonly #log: LogOutputChannel;
  readonly #isBusy: () => boolean;
  readonly #subscriptions: Disposable[];
  #registration: Disposable | null = null;
  #offered: { document: TextDocument; candidates: LiveCandidates } | null = null;

  /** @param isBusy when it is, nothing is suggested */
  constructor(
    engine: EngineClient,
    texts: GeneratedTexts,
    settings: Settings,
    log: LogOutputChannel,
    isBusy: () => boolean,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#settings = settings;
    this.#log = log;
    this.#isBusy = isBusy;
    this.#subscriptions = [
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.${enabledSetting}`)) this.#register();
      }),
      workspace.onDidChangeWorkspaceFolders(() => this.#register()),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#offered?.document !== document || contentChanges.length === 0) return;
        const consequence = this.#offered.candidates.follow(contentChanges, null);
        if (consequence.kind !== 'taken') this.#offered = null;
        else if (consequence.text !== '')
          this.#texts.insert(document, consequence.at, consequence.text, consequence.tokens);
      }),
    ];
    this.#register();
  }

  async provideInlineCompletionItems(
    document: TextDocument,
    position: Position,
    { selectedCompletionInfo }: InlineCompletionContext,
    cancellation: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    if (!this.#settings.get(enabledSetting, document) || !isWritten(document)) return [];
    if (this.#isBusy() || selectedCompletionInfo) return [];
    const offset = document.offsetAt(position);
    const known = this.#rest(document, offset);
    if (known !== null) return [itemAt(position, known)];
    await sleep(pauseMilliseconds);
    if (cancellation.isCancellationRequested || this.#isBusy()) return [];
    try {
      await this.#ask(document, offset, cancellation);
    } catch (error) {
      this.#report(error);
      return [];
    }
    const text = this.#rest(document, offset);
    return text === null || cancellation.isCancellationRequested ? [] : [itemAt(position, text)];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#registration?.dispose();
  }

  async #ask(document: TextDocument, offset: number, cancellation: CancellationToken): Promise<void> {
    const range = { start: offset, end: offset };
    const snapshot = takeSnapshot(document.getText(), range, 'document', unitsRead);
    const params = {
      ...generateParams(snapshot.text, document, this.#settings),
      ...{ maxTokens: tokensWritten, temperature: 0, stop: ['\n'], seed: 0 },
    };
    const { version } = document;
    const { sequences } = await this.#engine.generate(params, {
      lane: 'suggestions',
      rank: 'reading',
      cancellation,
    });
    if (document.version !== version) return;
    const candidates = new LiveCandidates(offset, document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
    candidates.finish(sequences);
    candidates.offer();
    this.#offered = { document, candidates };
  }

  /** What is left at an offset of what was suggested last; null when that was something else. */
  #rest(document: TextDocument, offset: number): string | null {
    if (this.#offered?.document !== document || this.#offered.candidates.position !== offset) return null;
    return this.#offered.candidates.rests(null, false)[0]?.text ?? null;
  }

  /** Any folder may have it on: the setting of the document itself is looked at when it is asked about. */
  #register(): void {
    const scopes = [null, ...(workspace.workspaceFolders ?? [])];
    const isOn = scopes.some((scope) => workspace.getConfiguration(section, scope).get(enabledSetting));
    if (isOn) this.#registration ??= languages.registerInlineCompletionItemProvider('*', this);
    else {
      this.#registration?.dispose();
      this.#registration = null;
    }
  }

  /** Nobody has asked for anything, so nobody is told. */
  #report(thrown: unknown): void {
    const isWanted = thrown instanceof EngineError && ['cancelled', 'superseded'].includes(thrown.code);
    const reason = loggedText(asEngineError(thrown));
    if (isWanted) this.#log.debug(reason);
    else this.#log.warn(`No suggestion: ${reason}`);
  }
}

function itemAt(position: Position, text: string): InlineCompletionItem {
  return new InlineCompletionItem(text, new Range(position, position));
}

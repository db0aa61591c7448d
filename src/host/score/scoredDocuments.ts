import {
  type CancellationToken,
  CancellationTokenSource,
  type Disposable,
  EventEmitter,
  type TextDocument,
  workspace,
} from 'vscode';
import { EngineError } from '../../protocol/errors.ts';
import type { TokenScore } from '../../protocol/results.ts';
import type { EngineClient } from '../engine/client.ts';
import { isPassing, onceMore } from '../engine/onceMore.ts';
import { modelText } from '../explain/request.ts';
import type { Problems } from '../problems.ts';
import { type Settings, section } from '../settings.ts';
import { cutBehind } from '../text/cut.ts';
import { blockOf } from './blocks.ts';
import { KnownScores, type KnownToken, type Stretch, type WordOfTokens } from './knownScores.ts';
import { type Urgency, type Want, Wants } from './wants.ts';

/** How many alternatives a hover lists. */
const alternatives = 5;
/** The most UTF-16 units that one request asks about, so that something urgent never waits long. */
const stretchUnits = 8 * 1024;

interface Entry {
  known: KnownScores;
  /** Up to here, the answers of a request under way are valid. An edit moves this to the front. */
  validUntil: number;
}

/**
 * How expected the tokens of whole documents are, with everything in front of them as context: each token is scored
 * once, and again only when the text in front of it has changed. One request is under way at a time.
 */
export class ScoredDocuments implements Disposable {
  readonly #engine: EngineClient;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #entries = new Map<TextDocument, Entry>();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];
  readonly #wants = new Wants<TextDocument>((want) => {
    // What the request has told so far is kept. What others want of the rest is asked for again.
    if (this.#request?.want === want) this.#request.source.cancel();
    this.#changed.fire(want.document);
  });
  #request: { want: Want<TextDocument>; source: CancellationTokenSource } | null = null;
  #isWorking = false;
  /** After an error that does not pass nothing is requested automatically: a person would see it again and again. */
  #hasFailed = false;

  /** More is known of a document, or less. */
  readonly onDidChange = this.#changed.event;

  constructor(engine: EngineClient, settings: Settings, problems: Problems) {
    this.#engine = engine;
    this.#settings = settings;
    this.#problems = problems;
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#follow(document, contentChanges);
      }),
      // VS Code reports a change of a document's language as closing and opening it, though the document lives on.
      workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.#forget(document);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (readingSettings.some((name) => event.affectsConfiguration(`${section}.${name}`))) this.#restart();
      }),
    ];
  }

  /** The model's tokens at an offset: several where a character is read in pieces, none where nothing is known. */
  at(document: TextDocument, offset: number): TokenScore[] {
    return this.#entries.get(document)?.known.at(offset) ?? [];
  }

  /** What is known of a stretch, and what was known before the latest edits. */
  within(document: TextDocument, stretch: Stretch): KnownToken[] {
    return this.#entries.get(document)?.known.within(stretch) ?? [];
  }

  /** The words of a stretch that are known with what follows them, with their corrected surprisal. */
  words(document: TextDocument, stretch: Stretch, which: 'fresh' | 'all'): WordOfTokens[] {
    return this.#entries.get(document)?.known.words(stretch, which) ?? [];
  }

  isKnown(document: TextDocument, stretch: Stretch): boolean {
    return this.#entries.get(document)?.known.gaps(stretch).length === 0;
  }

  /** Asks for a stretch, until the want is disposed of. */
  want(document: TextDocument, stretch: Stretch, urgency: Urgency): Want<TextDocument> {
    const want = this.#wants.add(document, stretch, urgency);
    if (this.#hasFailed || this.#entryOf(document).known.gaps(stretch).length === 0) this.#wants.drop(want);
    // What the request has told so far is kept. The rest is asked for again later.
    if (this.#wants.first() !== this.#request?.want) this.#request?.source.cancel();
    void this.#work();
    return want;
  }

  /** Also for what stands in front and behind, by which the first and the last word are known to be whole. */
  wantWords(document: TextDocument, { start, end }: Stretch, urgency: Urgency): Want<TextDocument> {
    const text = document.getText();
    const before = text.slice(0, start).trimEnd().length;
    const words = { start: Math.max(0, before - 1), end: Math.min(text.length, end + 1) };
    return this.want(document, words, urgency);
  }

  /** A person asks: what failed before may work now. */
  retry(): void {
    this.#hasFailed = false;
  }

  /** {@link at} as soon as it is known; empty if the want has ended without. */
  async whenKnown(want: Want<TextDocument>, offset: number, token: CancellationToken): Promise<TokenScore[]> {
    return new Promise((resolve) => {
      const subscriptions: Disposable[] = [];
      const check = () => {
        const tokens = this.at(want.document, offset);
        const isPending = tokens.length === 0 && this.#wants.isOpen(want);
        if (isPending && !token.isCancellationRequested) return;
        for (const subscription of subscriptions) subscription.dispose();
        resolve(tokens);
      };
      subscriptions.push(
        this.onDidChange((changed) => changed === want.document && check()),
        token.onCancellationRequested(check),
      );
      check();
    });
  }

  dispose(): void {
    this.#wants.clear();
    this.#request?.source.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    // Whatever else is wanted in the same turn comes first if it is more urgent.
    await Promise.resolve();
    for (let next = this.#next(); next; next = this.#next()) await this.#score(next.want, next.gap);
    this.#isWorking = false;
  }

  /** The most urgent gap. */
  #next(): { want: Want<TextDocument>; gap: Stretch } | null {
    for (let want = this.#wants.first(); want; want = this.#wants.first()) {
      const { document, stretch } = want;
      const [gap] = this.#entryOf(document).known.gaps(clip(stretch, document.getText().length));
      if (gap) return { want, gap };
      this.#wants.drop(want);
      this.#changed.fire(document);
    }
    return null;
  }

  async #score(want: Want<TextDocument>, gap: Stretch): Promise<void> {
    const { document } = want;
    const entry = this.#entryOf(document);
    const text = document.getText();
    const end = Math.min(gap.end, gap.start + stretchUnits);
    const block = blockOf(text, { start: gap.start, end });
    const source = new CancellationTokenSource();
    this.#request = { want, source };
    entry.validUntil = Number.POSITIVE_INFINITY;
    const take = (tokens: readonly TokenScore[], wordEnd: number | null) => {
      const moved = tokens.map((token) => ({
        ...token,
        start: token.start + block.base,
        end: token.end + block.base,
      }));
      const valid = moved.filter((token) => token.end <= entry.validUntil);
      entry.known.add(valid, entry.validUntil === Number.POSITIVE_INFINITY ? wordEnd : null);
      this.#changed.fire(document);
    };
    try {
      const params = {
        ...modelText(text.slice(block.base, cutBehind(text, end)), document, this.#settings),
        range: { start: gap.start - block.base, end: end - block.base },
        top: alternatives,
        stride: this.#settings.get('stride', document),
      };
      const scores = await onceMore(() =>
        this.#engine.score(params, {
          lane: 'scores',
          cancellation: source.token,
          onProgress: ({ partial }) => partial && take(partial, null),
        }),
      );
      take(scores.tokens, scores.wordEnd);
      // Stops asking for what cannot be known.
      if (entry.known.gaps(gap)[0]?.start === gap.start && entry.validUntil > gap.start)
        this.#giveUp(document);
    } catch (error) {
      const isSuperseded = error instanceof EngineError && error.code === 'superseded';
      if (!isSuperseded && !source.token.isCancellationRequested) {
        this.#hasFailed = !isPassing(error);
        this.#giveUp(document);
        this.#problems.report(error);
      }
    } finally {
      source.dispose();
      this.#request = null;
    }
  }

  #giveUp(document: TextDocument): void {
    this.#wants.dropAll(document);
    this.#changed.fire(document);
  }

  #follow(document: TextDocument, changes: Parameters<KnownScores['follow']>[0]): void {
    const entry = this.#entries.get(document);
    if (!entry) return;
    const offset = entry.known.follow(changes, document.getText());
    entry.validUntil = Math.min(entry.validUntil, offset);
    this.#changed.fire(document);
  }

  #forget(document: TextDocument): void {
    this.#entries.delete(document);
    this.#wants.dropAll(document);
    if (this.#request?.want.document === document) this.#request.source.cancel();
  }

  /** Drops everything that is known, because the model or the way of reading has changed. */
  #restart(): void {
    this.#hasFailed = false;
    for (const [document, entry] of this.#entries) {
      entry.known.clear();
      entry.validUntil = 0;
      this.#changed.fire(document);
    }
    this.#request?.source.cancel();
  }

  #entryOf(document: TextDocument): Entry {
    let entry = this.#entries.get(document);
    if (!entry) {
      entry = { known: new KnownScores(), validUntil: 0 };
      this.#entries.set(document, entry);
    }
    return entry;
  }
}

const readingSettings = ['model.path', 'bos', 'stride'];

function clip({ start, end }: Stretch, length: number): Stretch {
  return { start: Math.min(start, length), end: Math.min(end, length) };
}

import { CancellationTokenSource, commands, type Disposable, EventEmitter } from 'vscode';
import type { Progress } from '../protocol/engine.ts';

/** What a person asked for and waits for. */
export interface Job {
  /** What it is about: of one name there is one at a time. */
  readonly name: string;
  readonly kind: 'explain' | 'generate';
  /** What the status item says while it is under way, in the person's language. */
  readonly title: string;
}

/** A job with how far it has come; null: nothing is known yet. */
export interface RunningJob extends Job {
  readonly progress: Progress<unknown> | null;
  /** What it does by now, where that is not what its title says. */
  readonly phase: string | null;
}

/** Takes how far a job has come, and what it does by now. */
export type Report = (progress: Progress<unknown>, phase?: string | null) => void;

interface Entry {
  job: RunningJob;
  readonly source: CancellationTokenSource;
}

/** What is under way: several jobs at once, but a new one takes the place of one of its name. */
export class Jobs implements Disposable {
  readonly #begun = new EventEmitter<void>();
  readonly #changed = new EventEmitter<void>();
  /** The newest last. One that was cancelled is not among them, though its work may not have ended yet. */
  #entries: readonly Entry[] = [];
  #isRunning = false;

  readonly onDidBegin = this.#begun.event;
  /** A job has begun, come further or gone. */
  readonly onDidChange = this.#changed.event;

  /** The newest first. */
  get running(): readonly RunningJob[] {
    return this.#entries.map(({ job }) => job).reverse();
  }

  /**
   * Runs some work as a job; whatever job has its name is cancelled first.
   * @returns what the work returns, and throws what it throws
   */
  async run<T>(job: Job, work: (source: CancellationTokenSource, report: Report) => Promise<T>): Promise<T> {
    const source = new CancellationTokenSource();
    const entry: Entry = { job: { ...job, progress: null, phase: null }, source };
    const before = this.#entries.find((other) => other.job.name === job.name);
    this.#begun.fire();
    this.#set([...this.#entries.filter((other) => other !== before), entry]);
    before?.source.cancel();
    source.token.onCancellationRequested(() => this.#remove(entry));
    try {
      return await work(source, (progress, phase = null) => {
        if (!this.#entries.includes(entry)) return;
        entry.job = { ...job, progress, phase };
        this.#changed.fire();
      });
    } finally {
      this.#remove(entry);
      source.dispose();
    }
  }

  /** Cancels the newest. */
  cancel(): void {
    this.#entries.at(-1)?.source.cancel();
  }

  dispose(): void {
    for (const { source } of this.#entries) source.cancel();
    this.#begun.dispose();
    this.#changed.dispose();
  }

  #remove(entry: Entry): void {
    if (this.#entries.includes(entry)) this.#set(this.#entries.filter((other) => other !== entry));
  }

  #set(entries: readonly Entry[]): void {
    this.#entries = entries;
    const isRunning = entries.length > 0;
    if (isRunning !== this.#isRunning)
      void commands.executeCommand('setContext', 'whytoken.running', isRunning);
    this.#isRunning = isRunning;
    this.#changed.fire();
  }
}

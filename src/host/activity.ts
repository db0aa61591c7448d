import { CancellationTokenSource, commands, type Disposable, EventEmitter } from 'vscode';
import type { Progress } from '../protocol/engine.ts';

/** What is being done, for the status item. */
export interface Task {
  kind: 'explain' | 'generate';
  progress: Progress<unknown> | null;
}

/** The one thing that Whytoken does at a time: something newer cancels it, and so does Escape. */
export class Activity implements Disposable {
  readonly #changed = new EventEmitter<void>();
  #task: Task | null = null;
  #source: CancellationTokenSource | null = null;

  readonly onDidChange = this.#changed.event;

  get task(): Task | null {
    return this.#task;
  }

  async run<T>(
    kind: Task['kind'],
    work: (source: CancellationTokenSource, report: (progress: Progress<unknown>) => void) => Promise<T>,
  ): Promise<T> {
    this.cancel();
    const source = new CancellationTokenSource();
    this.#source = source;
    this.#set({ kind, progress: null });
    try {
      return await work(source, (progress) => {
        if (this.#source === source && !source.token.isCancellationRequested) this.#set({ kind, progress });
      });
    } finally {
      source.dispose();
      if (this.#source === source) {
        this.#source = null;
        this.#set(null);
      }
    }
  }

  cancel(): void {
    this.#source?.cancel();
  }

  dispose(): void {
    this.cancel();
    this.#changed.dispose();
  }

  #set(task: Task | null): void {
    if ((task === null) !== (this.#task === null)) {
      void commands.executeCommand('setContext', 'whytoken.running', task !== null);
    }
    this.#task = task;
    this.#changed.fire();
  }
}

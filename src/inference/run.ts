/** How a long computation talks to whoever asked for it, without knowing who that is. */
import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../protocol/errors.ts';

/** How a run stands among the others. */
export interface Place {
  /** Whether another run has precedence. */
  isOvertaken(): boolean;
  /** Resolves when some run's precedence has changed. */
  change(): Promise<void>;
}

export class Run<P = never> {
  readonly signal: AbortSignal;
  /** Reports progress; never called after the signal has been aborted. */
  readonly report: (progress: P) => void;
  readonly #place: Place | undefined;

  /** @param place without one the run never waits for others */
  constructor(signal: AbortSignal, report: (progress: P) => void, place?: Place) {
    this.signal = signal;
    this.#place = place;
    this.report = (progress) => {
      if (!signal.aborted) report(progress);
    };
  }

  /** A run that nobody watches or cancels. */
  static detached<P>(): Run<P> {
    return new Run<P>(new AbortController().signal, () => {});
  }

  /**
   * To be awaited between two slices of work: a slice blocks the thread, so messages only arrive here. Also waits while
   * another run has precedence.
   * @throws EngineError `cancelled` (or the signal's own EngineError) once the run was aborted.
   */
  async breathe(): Promise<void> {
    await setImmediate();
    while (this.#place?.isOvertaken()) await this.unlessAborted(this.#place.change());
    this.throwIfAborted();
  }

  /**
   * The promise's result, unless the run is aborted first. The work behind the promise goes on, because others may wait
   * for it.
   */
  async unlessAborted<T>(promise: Promise<T>): Promise<T> {
    this.throwIfAborted();
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(this.#reason());
      this.signal.addEventListener('abort', abort);
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      this.signal.removeEventListener('abort', abort);
    }
  }

  throwIfAborted(): void {
    if (this.signal.aborted) throw this.#reason();
  }

  #reason(): EngineError {
    return this.signal.reason instanceof EngineError ? this.signal.reason : new EngineError('cancelled');
  }
}

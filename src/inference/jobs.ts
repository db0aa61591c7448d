/** One lane per kind of request: the newest job takes the place of every older one. */
import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../protocol/errors.ts';

/**
 * Turns of the event loop that a job lets pass before it starts. The connection hands over one message per turn, so
 * a newer request that has already arrived is seen after two, and of a thousand requests only the last one works.
 */
const turnsBeforeStart = 2;

export class Lane {
  #newest: AbortController | undefined;
  /** Settles, without an error, when the job at work has really stopped. */
  #idle: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when the lane is idle and nothing newer has come. Earlier jobs end with `superseded`: those that
   * wait at once, the one at work at its next slice.
   * @param controller aborted by the caller to cancel and by the lane to supersede
   * @throws the controller's reason once aborted, whatever the work returned; else the work's own error
   */
  async run<T>(controller: AbortController, work: () => Promise<T>): Promise<T> {
    this.#newest?.abort(new EngineError('superseded'));
    this.#newest = controller;
    const { signal } = controller;
    await settledOrAborted(this.#idle, signal);
    for (let turn = 0; turn < turnsBeforeStart; turn++) {
      await setImmediate();
      signal.throwIfAborted();
    }
    const running = work();
    this.#idle = running.catch(() => {});
    const result = await running;
    signal.throwIfAborted();
    return result;
  }
}

async function settledOrAborted(settled: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    settled.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}

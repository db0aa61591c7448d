/** One lane for everybody who asks: the newest request takes the place of every older one in its lane. */
import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../protocol/errors.ts';

/**
 * Turns of the event loop that a request lets pass before it starts. The connection hands over one message per turn, so
 * a newer request that has already arrived is seen after two, and of a thousand requests only the last one works.
 */
const turnsBeforeStart = 2;

interface Lane {
  newest: AbortController;
  /** Settles, without an error, when the request at work has really stopped. */
  idle: Promise<unknown>;
  /** Requests that have not ended. */
  size: number;
}

export class Lanes {
  /** Those with requests in them. */
  readonly #lanes = new Map<string, Lane>();

  get size(): number {
    return this.#lanes.size;
  }

  /**
   * Runs `work` when the lane is idle and nothing newer has come. Earlier requests end with `superseded`: those that
   * wait at once, the one at work at its next slice.
   * @param controller aborted by the caller to cancel and by the lane to supersede
   * @throws the controller's reason once aborted, whatever the work returned; else the work's own error
   */
  async run<T>(name: string, controller: AbortController, work: () => Promise<T>): Promise<T> {
    const lane = this.#enter(name, controller);
    try {
      return await runIn(lane, controller.signal, work);
    } finally {
      lane.size--;
      if (lane.size === 0) this.#lanes.delete(name);
    }
  }

  #enter(name: string, controller: AbortController): Lane {
    const lane = this.#lanes.get(name) ?? { newest: controller, idle: Promise.resolve(), size: 0 };
    this.#lanes.set(name, lane);
    if (lane.newest !== controller) lane.newest.abort(new EngineError('superseded'));
    lane.newest = controller;
    lane.size++;
    return lane;
  }
}

async function runIn<T>(lane: Lane, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await settledOrAborted(lane.idle, signal);
  for (let turn = 0; turn < turnsBeforeStart; turn++) {
    await setImmediate();
    signal.throwIfAborted();
  }
  const running = work();
  lane.idle = running.catch(() => {});
  const result = await running;
  signal.throwIfAborted();
  return result;
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

/** One lane for each asker: in a lane the newest request supersedes all older ones. */
import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../protocol/errors.ts';

/**
 * How many turns of the event loop a request waits before it starts. The connection hands over one message per turn, so
 * after two turns a newer request that had already arrived is known. Of a thousand queued requests only the last one
 * works.
 */
const turnsBeforeStart = 2;

interface Lane {
  newest: AbortController;
  /** Resolves when the request at work has really stopped. Never rejects. */
  idle: Promise<unknown>;
  /** Requests that have not ended. */
  size: number;
}

export class Lanes {
  /** Lanes that have requests. */
  readonly #lanes = new Map<string, Lane>();

  get size(): number {
    return this.#lanes.size;
  }

  /**
   * Runs `work` when the lane is idle, unless a newer request comes first. Earlier requests end with `superseded`:
   * waiting ones at once, the one at work at its next slice.
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

import type { CancellationToken } from 'vscode-jsonrpc';
import { EngineError } from '../../protocol/errors.ts';
import { untilCancelled } from './untilCancelled.ts';

/** How often a request that gives way is sent before its `superseded` is believed. */
const attempts = 4;

/**
 * Who may send requests of one kind when. The process has one lane per kind, in which the newest request takes the place
 * of every older one: right among the requests of a person, who has lost interest in the older ones, wrong for what an
 * agent asks meanwhile. What gives way waits here until no request of a person is under way, one after the other, and
 * is sent again when a person's took its place.
 */
export class RightOfWay {
  #goingFirst = 0;
  #free = Promise.withResolvers<void>();
  /** Settles, without an error, when the last of those that give way is over. */
  #lastInQueue: Promise<unknown> = Promise.resolve();

  async goFirst<T>(send: () => Promise<T>): Promise<T> {
    this.#goingFirst += 1;
    try {
      return await send();
    } finally {
      this.#goingFirst -= 1;
      if (this.#goingFirst === 0) {
        this.#free.resolve();
        this.#free = Promise.withResolvers();
      }
    }
  }

  /** @throws EngineError `cancelled`; `superseded` when a person was quicker each time; what `send` throws */
  async giveWay<T>(send: () => Promise<T>, cancellation: CancellationToken | undefined): Promise<T> {
    const before = this.#lastInQueue;
    const over = Promise.withResolvers<void>();
    this.#lastInQueue = before.then(() => over.promise);
    try {
      await untilCancelled(before, cancellation);
      for (let attempt = 1; ; attempt++) {
        while (this.#goingFirst > 0) await untilCancelled(this.#free.promise, cancellation);
        try {
          return await send();
        } catch (error) {
          const isSuperseded = error instanceof EngineError && error.code === 'superseded';
          if (!isSuperseded || attempt === attempts) throw error;
        }
      }
    } finally {
      over.resolve();
    }
  }
}

/** When a process that crashed is started again. */
import { EngineError } from '../../protocol/errors.ts';
import type { Timing } from './timing.ts';

export class RestartPolicy {
  readonly #timing: Timing;
  #crashes: number[] = [];

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /**
   * Counts a crash.
   * @param now milliseconds on any clock that only goes forward
   * @returns the pause before the restart in milliseconds, or `process-gave-up`
   */
  pauseAfterCrash(now: number): number | EngineError {
    const { crashWindow, restartDelays } = this.#timing;
    this.#crashes = [...this.#crashes.filter((time) => now - time < crashWindow), now];
    const count = this.#crashes.length;
    const minutes = Math.ceil(crashWindow / 60_000);
    return restartDelays[count - 1] ?? new EngineError('process-gave-up', { count, minutes });
  }
}

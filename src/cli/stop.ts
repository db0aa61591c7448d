/** Ctrl+C and other signals that end a process cancel the work at its next slice, so that it can clean up. */
import { constants } from 'node:os';
import { EngineError } from '../protocol/errors.ts';

export interface Stop {
  readonly signal: AbortSignal;
  /** 128 + the signal's number, as shells do; null while no signal has come. */
  readonly exitCode: number | null;
}

/** A second signal ends the process at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  const stop = { signal: controller.signal, exitCode: null as number | null };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.exitCode !== null) process.exit(stop.exitCode);
      stop.exitCode = 128 + constants.signals[name];
      controller.abort(new EngineError('cancelled'));
    });
  }
  return stop;
}

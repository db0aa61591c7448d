/** Deadlines of the process's supervision, in milliseconds. */

export interface Timing {
  /** Between an answered ping and the next one. */
  pingInterval: number;
  /** How long a process may be silent after a ping (two intervals) before it counts as hung. */
  stall: number;
  /** From a cancel until the request must have stopped. */
  stop: number;
  /** Pauses before the restarts after the first, second … crash; one crash more and the process stays down. */
  restartDelays: readonly number[];
  /** Only crashes within this time of each other count. */
  crashWindow: number;
}

/**
 * The pauses and the window are those that VS Code's language client and terminal host settled on. The stall is long
 * because one uninterruptible call, the first touch of a large model on a slow disk, takes seconds.
 */
export const defaultTiming: Timing = {
  pingInterval: 15_000,
  stall: 30_000,
  stop: 5_000,
  restartDelays: [500, 1_000, 2_000, 4_000],
  crashWindow: 3 * 60_000,
};

const slices = 10;

/**
 * A timeout in time during which this process ran: a chain of short ones, of which one at most is over when a
 * sleeping computer wakes up, so that the other side still has the rest of its time to answer.
 */
export function runningTimeout(milliseconds: number, onTimeout: () => void): { dispose(): void } {
  let left = slices;
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => (--left > 0 ? next() : onTimeout()), milliseconds / slices);
  };
  next();
  return { dispose: () => clearTimeout(timer) };
}

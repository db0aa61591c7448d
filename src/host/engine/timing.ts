/** Deadlines of the process's supervision, in milliseconds. */

export interface Timing {
  /** Between an answered ping and the next one. */
  pingInterval: number;
  /** Silence after a ping, the length of two missed ones, after which the process counts as hung. */
  stall: number;
  /** From a cancel, or from a newer request of the same kind, until the old one must have stopped. */
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
 * A timeout in time during which this process ran. A slice that ends late by more than its own length is not counted:
 * the computer slept or our event loop was blocked, and the other side had no more time than we had.
 */
export function runningTimeout(milliseconds: number, onTimeout: () => void): { dispose(): void } {
  const slice = milliseconds / slices;
  let left = slices;
  let timer: NodeJS.Timeout;
  const next = () => {
    const due = performance.now() + slice;
    timer = setTimeout(() => {
      if (performance.now() - due <= slice) left--;
      if (left > 0) next();
      else onTimeout();
    }, slice);
  };
  next();
  return { dispose: () => clearTimeout(timer) };
}

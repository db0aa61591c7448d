/** Notices a process that has stopped answering. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runningTimeout, type Timing } from './timing.ts';

/**
 * Pings until disposed; calls `onStall` once a ping was not answered for `timing.stall` of running time.
 * The first ping goes out after one interval, so that short work is not disturbed.
 */
export function watchLiveness(
  ping: () => Promise<unknown>,
  timing: Timing,
  onStall: () => void,
): { dispose(): void } {
  const stopped = new AbortController();
  const { signal } = stopped;
  void (async () => {
    while (!signal.aborted) {
      await sleep(timing.pingInterval, undefined, { signal });
      const deadline = runningTimeout(timing.stall, onStall);
      signal.addEventListener('abort', deadline.dispose, { once: true });
      await ping();
      deadline.dispose();
      signal.removeEventListener('abort', deadline.dispose);
    }
  })().catch(() => {
    // Stopped, or the connection has ended: nothing is left to watch.
    stopped.abort();
  });
  return { dispose: () => stopped.abort() };
}

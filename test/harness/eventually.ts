/** Waiting for what a browser shows or says a moment later than it was asked for. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Makes a check again until it passes. What a page draws, and what it says to its host, comes when the machine gets to
 * it: a check that is made once after a click fails on a slow one.
 * @throws What the check threw last, once it has been made for `seconds`.
 */
export async function eventually<T>(check: () => T | Promise<T>, seconds = 20): Promise<T> {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(20);
    }
  }
}

/** What is read once it has been the same for a fifth of a second: of what comes in parts, the whole. */
export async function settled(read: () => Promise<string>): Promise<string> {
  let last = await read();
  return eventually(async () => {
    await wait(200);
    const now = await read();
    const before = last;
    last = now;
    if (now !== before) throw new Error(`It still changes: ${now}`);
    return now;
  });
}

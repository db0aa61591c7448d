import { EngineError, type ErrorCode } from '../../protocol/errors.ts';

/** Failures after which the same question can be answered: the process is started again, a file is read anew. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'process-exited',
  'process-unresponsive',
  'file-changed',
]);

export function isPassing(error: unknown): boolean {
  return error instanceof EngineError && passing.has(error.code);
}

/**
 * What nobody asked for by hand is asked once more where the failure passes; the second request waits until the process
 * is ready. Not more often: a text on which the process dies would end in its being given up.
 */
export async function onceMore<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isPassing(error)) throw error;
    return await ask();
  }
}

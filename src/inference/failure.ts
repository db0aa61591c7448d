/** Names for what is thrown by others than us. */
import { EngineError } from '../protocol/errors.ts';

/** The error itself when it is ours, else `out-of-memory` or `internal` with it as the cause. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError(isOutOfMemory(reason) ? 'out-of-memory' : 'internal', { reason }, { cause: error });
}

/** V8's message for a buffer that cannot be had, and onnxruntime's for its own. */
function isOutOfMemory(message: string): boolean {
  return /array buffer allocation failed|failed to allocate memory|bad_alloc|bad allocation/i.test(message);
}

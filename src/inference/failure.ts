/** Gives what other code throws one of our error codes. */
import { EngineError } from '../protocol/errors.ts';

/**
 * The error itself if it is an EngineError; else `runtime-missing`, `out-of-memory` or `internal`, with the error as
 * its cause.
 */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Node's message for a missing module goes on with the list of modules that required it.
  const [reason = message] = message.split('\n', 1);
  const options = { cause: error };
  if (isRuntimeLoadFailure(error)) {
    const platform = `${process.platform}-${process.arch}`;
    return new EngineError('runtime-missing', { platform, reason }, options);
  }
  return new EngineError(isOutOfMemory(message) ? 'out-of-memory' : 'internal', { reason }, options);
}

/** Whether onnxruntime-node, its binding or a library that they need is missing or made for another system. */
function isRuntimeLoadFailure(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const failures: unknown[] = ['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
  return failures.includes(error.code) && error.message.includes('onnxruntime');
}

/** Matches the messages of V8 and of onnxruntime for memory that cannot be allocated. */
function isOutOfMemory(message: string): boolean {
  return /array buffer allocation failed|failed to allocate memory|bad_alloc|bad allocation/i.test(message);
}

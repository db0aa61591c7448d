/** Names for what is thrown by others than us. */
import { EngineError } from '../protocol/errors.ts';

/** The error itself when it is ours, else `runtime-missing`, `out-of-memory` or `internal` with it as the cause. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // A module that is not found brings the list of all that asked for it.
  const [reason = message] = message.split('\n', 1);
  const options = { cause: error };
  if (isRuntimeLoadFailure(error)) {
    const platform = `${process.platform}-${process.arch}`;
    return new EngineError('runtime-missing', { platform, reason }, options);
  }
  return new EngineError(isOutOfMemory(message) ? 'out-of-memory' : 'internal', { reason }, options);
}

/** onnxruntime-node, its binding or a library that they need is absent, or made for another system. */
function isRuntimeLoadFailure(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const failures: unknown[] = ['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
  return failures.includes(error.code) && error.message.includes('onnxruntime');
}

/** V8's message for a buffer that cannot be had, and onnxruntime's for its own. */
function isOutOfMemory(message: string): boolean {
  return /array buffer allocation failed|failed to allocate memory|bad_alloc|bad allocation/i.test(message);
}

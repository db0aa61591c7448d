import type { CancellationToken } from 'vscode-jsonrpc';
import { EngineError } from '../../protocol/errors.ts';

/** @throws EngineError `cancelled` as soon as the token says so, whatever becomes of the promise */
export async function untilCancelled<T>(
  promise: Promise<T>,
  token: CancellationToken | undefined,
): Promise<T> {
  if (!token) return promise;
  return new Promise((resolve, reject) => {
    const subscription = token.onCancellationRequested(() => reject(new EngineError('cancelled')));
    promise.then(resolve, reject).finally(() => subscription.dispose());
  });
}

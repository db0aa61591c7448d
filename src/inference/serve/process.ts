/**
 * The inference process, forked by the extension host. The engine, and with it the native runtime, is imported by the
 * first request that needs it: the process is ready at once, and a runtime that cannot be loaded is reported as a typed
 * error.
 */
import { serveParent } from './child.ts';

serveParent(async () => {
  const { openEngine } = await import('./engine.ts');
  return openEngine();
});

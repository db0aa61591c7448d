/**
 * The extension: what VS Code is told when the window starts. It is small, because everybody waits for it; all else is
 * in another bundle, which is loaded when it is first needed.
 */
import type { ExtensionContext } from 'vscode';
import type { Timings } from './host/explain/stopwatch.ts';
import { makeItem } from './host/idleItem.ts';
import { type Lazy, register } from './host/register.ts';
import type { Host } from './host/start.ts';

/** What `activate` returns: nothing that another extension needs, only what the tests measure. */
export interface WhytokenApi {
  /** Of the last explanation. */
  readonly lastTimings: Timings | null;
}

export function activate(context: ExtensionContext): WhytokenApi {
  const { extension, extensionUri, globalStorageUri, subscriptions, workspaceState } = context;
  const item = makeItem();
  const { packageJSON: manifest } = extension;
  const host: Lazy<Host> & { made: Host | null } = {
    made: null,
    get() {
      this.made ??= load().start({
        extension: extensionUri,
        version: manifest.version,
        state: workspaceState,
        storage: globalStorageUri,
        item,
      });
      return this.made;
    },
  };
  subscriptions.push(register(manifest, host), { dispose: () => host.made?.dispose() }, item);
  return {
    get lastTimings() {
      return host.made?.parts.stopwatch.last ?? null;
    },
  };
}

/** At once, as hovers and commands need it: `import()` would make all of them wait. See scripts/lib/bundle.ts. */
function load(): typeof import('./host/start.ts') {
  return require('./host.cjs');
}

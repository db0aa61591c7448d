/** The extension: its parts around its own process, registered with VS Code. */
import { type ExtensionContext, Uri, window } from 'vscode';
import { forkEngine } from './host/engine/forkedEngine.ts';
import type { Timings } from './host/explain/stopwatch.ts';
import { makeParts } from './host/parts.ts';
import { register } from './host/register.ts';

/** What `activate` returns: nothing that another extension needs, only what the tests measure. */
export interface WhytokenApi {
  /** Of the last explanation. */
  readonly lastTimings: Timings | null;
}

export function activate(context: ExtensionContext): WhytokenApi {
  const { extension, extensionUri, subscriptions, workspaceState } = context;
  const file = (...path: string[]) => Uri.joinPath(extensionUri, ...path).fsPath;
  const log = window.createOutputChannel('Whytoken', { log: true });
  const { version } = extension.packageJSON;
  const parts = makeParts({
    engine: forkEngine({ program: { entry: file('dist', 'inference.mjs') }, version, log }),
    log,
    extension: extensionUri,
    bundledModel: file('models', 'tiny-gpt2'),
    state: workspaceState,
  });
  subscriptions.push(register(parts), parts);
  return {
    get lastTimings() {
      return parts.stopwatch.last;
    },
  };
}

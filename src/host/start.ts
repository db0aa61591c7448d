/** Everything that is loaded when it is first needed: a bundle of its own. */
import {
  type Disposable,
  type LanguageModelTool,
  type Memento,
  type StatusBarItem,
  Uri,
  window,
} from 'vscode';
import { hashesVariable } from '../protocol/environment.ts';
import { type Command, commandsOf } from './commands.ts';
import { forkEngine } from './engine/forkedEngine.ts';
import type { CommandName } from './names.ts';
import { makeParts, type Parts } from './parts.ts';
import { toolsOf } from './tools/tools.ts';

/** The parts, and what VS Code is answered with by name. */
export interface Host extends Disposable {
  readonly parts: Parts;
  readonly commands: Readonly<Record<CommandName, Command>>;
  /** By their names in the manifest. */
  readonly tools: ReadonlyMap<string, LanguageModelTool<unknown>>;
}

export interface StartOptions {
  /** The extension's folder and version. */
  extension: Uri;
  version: string;
  /** What VS Code remembers for the workspace. */
  state: Memento;
  /** The folder that VS Code keeps for the extension. */
  storage: Uri;
  item: StatusBarItem;
}

/** Makes the parts around a process of their own. */
export function start({ extension, version, state, storage, item }: StartOptions): Host {
  const file = (...path: string[]) => Uri.joinPath(extension, ...path).fsPath;
  const log = window.createOutputChannel('Whytoken', { log: true });
  const env = { [hashesVariable]: Uri.joinPath(storage, 'hashes.json').fsPath };
  const parts = makeParts({
    engine: forkEngine({ program: { entry: file('dist', 'inference.mjs'), env }, version, log }),
    log,
    extension,
    bundledModel: file('models', 'tiny-gpt2'),
    state,
    storage,
    item,
  });
  return {
    parts,
    commands: commandsOf(parts),
    tools: toolsOf(parts.engine, parts.settings, log),
    dispose: parts.dispose,
  };
}

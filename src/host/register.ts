import { Disposable, languages, workspace } from 'vscode';
import { registerCommands } from './commands.ts';
import { scheme } from './explain/explanationAsText.ts';
import type { Parts } from './parts.ts';
import { registerTools } from './tools/tools.ts';

/** Tells VS Code what the parts answer: commands, tools, hovers, documents and panels of an earlier window. */
export function register(parts: Parts): Disposable {
  const { engine, settings, log, asText, hover, panels } = parts;
  return Disposable.from(
    registerCommands(parts),
    registerTools(engine, settings, log),
    workspace.registerTextDocumentContentProvider(scheme, asText),
    languages.registerHoverProvider('*', hover),
    languages.registerHoverProvider('*', hover.later),
    panels.register(),
  );
}

/** What VS Code is told when the window starts. Everything behind it is loaded when it is first needed. */
import {
  CodeActionKind,
  commands,
  Disposable,
  EventEmitter,
  type HoverProvider,
  languages,
  lm,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { commandNames, scheme, section } from './names.ts';
import type { Host } from './start.ts';

/** Something that is made when it is first asked for. */
export interface Lazy<T> {
  /** null: nobody has asked yet. */
  readonly made: T | null;
  get(): T;
}

/** What is read of the manifest. */
export interface Manifest {
  activationEvents: readonly string[];
  contributes: { languageModelTools: readonly { name: string }[] };
}

/** With one of these switched on, the text is followed from the start. */
const following = ['live', 'inlineCompletion.enabled'];

/** Registers commands, tools, hovers, documents and the panels of an earlier window. */
export function register(manifest: Manifest, host: Lazy<Host>): Disposable {
  return Disposable.from(
    ...registerCommands(host),
    ...manifest.contributes.languageModelTools.map(({ name }) => registerTool(name, host)),
    ...registerPanels(manifest, host),
    registerText(host),
    languages.registerHoverProvider(
      '*',
      whenAsked(host, ({ parts }) => parts.hover),
    ),
    languages.registerHoverProvider(
      '*',
      whenAsked(host, ({ parts }) => parts.hover.later),
    ),
    languages.registerCodeActionsProvider(
      '*',
      {
        provideCodeActions: (document, range) =>
          host.made?.parts.editActions.provideCodeActions(document, range),
      },
      { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
    ),
    ...startWhenSwitchedOn(host),
  );
}

function registerCommands(host: Lazy<Host>): Disposable[] {
  // The walkthrough waits for this: else it would open by itself as soon as the extension is installed.
  let isUsed = false;
  return commandNames.map((name) =>
    commands.registerCommand(`whytoken.${name}`, (argument?: unknown) => {
      if (!isUsed) void commands.executeCommand('setContext', 'whytoken.used', true);
      isUsed = true;
      return host.get().commands[name](argument);
    }),
  );
}

function registerTool(name: string, host: Lazy<Host>): Disposable {
  const tool = () => host.get().tools.get(name)!;
  return lm.registerTool(name, {
    prepareInvocation: (options, token) => tool().prepareInvocation?.(options, token),
    invoke: (options, token) => tool().invoke(options, token),
  });
}

function registerPanels({ activationEvents }: Manifest, host: Lazy<Host>): Disposable[] {
  const event = 'onWebviewPanel:';
  const viewTypes = activationEvents.filter((name) => name.startsWith(event));
  return viewTypes.map((name) => {
    const viewType = name.slice(event.length);
    return window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel) => host.get().parts.panels.restore(viewType, panel),
    });
  });
}

function registerText(host: Lazy<Host>): Disposable {
  const changed = new EventEmitter<Uri>();
  let isLinked = false;
  const registered = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => {
      const { asText } = host.get().parts;
      if (!isLinked) asText.onDidChange((uri) => changed.fire(uri));
      isLinked = true;
      return asText.provideTextDocumentContent();
    },
  });
  return Disposable.from(registered, changed);
}

/** Before anything was asked, a hover has something to tell only where it is to tell of any text. */
function whenAsked(host: Lazy<Host>, providerOf: (host: Host) => HoverProvider): HoverProvider {
  return {
    provideHover: (document, position, token) => {
      if (!host.made && setting('hover', document) !== 'always') return null;
      return providerOf(host.get()).provideHover(document, position, token);
    },
  };
}

/** Any folder may have it on. */
function startWhenSwitchedOn(host: Lazy<Host>): Disposable[] {
  const look = () => {
    const scopes = [null, ...(workspace.workspaceFolders ?? [])];
    if (following.some((name) => scopes.some((scope) => setting(name, scope)))) host.get();
  };
  look();
  return [workspace.onDidChangeConfiguration(look), workspace.onDidChangeWorkspaceFolders(look)];
}

function setting(name: string, scope: Parameters<typeof workspace.getConfiguration>[1]): unknown {
  return workspace.getConfiguration(section, scope).get(name);
}

/** What is loaded when the window starts, and what only when it is first needed. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandsOf } from '../../src/host/commands.ts';
import { commandNames } from '../../src/host/names.ts';
import { register } from '../../src/host/register.ts';
import type { Host } from '../../src/host/start.ts';
import { toolsOf } from '../../src/host/tools/tools.ts';
import { fakePanel } from './fakePanel.ts';
import { explainSelected, openText, until, useParts, withSettings } from './parts.ts';

type Registered = unknown[];

/** The extension itself is active in this editor: what is registered by a test is kept from it, and only written down. */
function intercept(): { calls: Record<string, Registered[]> } & vscode.Disposable {
  const places = {
    registerCommand: vscode.commands,
    registerTool: vscode.lm,
    registerHoverProvider: vscode.languages,
    registerTextDocumentContentProvider: vscode.workspace,
    registerWebviewPanelSerializer: vscode.window,
  };
  const calls: Record<string, Registered[]> = {};
  const undo = Object.entries(places).map(([name, place]) => {
    const functions = place as unknown as Record<string, (...args: unknown[]) => unknown>;
    const before = functions[name]!;
    const made: Registered[] = [];
    calls[name] = made;
    functions[name] = (...args) => {
      made.push(args);
      return new vscode.Disposable(() => {});
    };
    return () => {
      functions[name] = before;
    };
  });
  return { calls, dispose: () => undo.forEach((back) => void back()) };
}

describe('What the window’s start registers', () => {
  const parts = useParts();
  const manifest = vscode.extensions.getExtension('whytoken.whytoken')!.packageJSON;

  function begin() {
    const intercepted = intercept();
    const host = {
      made: null as Host | null,
      get() {
        const { engine, settings, log } = parts;
        this.made ??= {
          ...{ parts, commands: commandsOf(parts), tools: toolsOf(engine, settings, log) },
          dispose() {},
        };
        return this.made;
      },
    };
    parts.own(register(manifest, host));
    intercepted.dispose();
    return { host, calls: intercepted.calls };
  }

  test('is every command, tool, panel and hover, and loads nothing', () => {
    const { host, calls } = begin();
    const names = (kind: string) => calls[kind]!.map(([name]) => name);
    assert.deepEqual(
      names('registerCommand'),
      commandNames.map((name) => `whytoken.${name}`),
    );
    assert.deepEqual(names('registerTool'), [
      'whytoken_explain_text',
      'whytoken_token_probabilities',
      'whytoken_generate_text',
    ]);
    assert.deepEqual(names('registerWebviewPanelSerializer'), [
      'whytoken.explanation',
      'whytoken.attention',
      'whytoken.probabilities',
      'whytoken.structure',
    ]);
    assert.deepEqual(names('registerHoverProvider'), ['*', '*']);
    assert.equal(host.made, null);
  });

  test('runs the named command with a link’s argument', async () => {
    const { host, calls } = begin();
    const run = (name: string, argument?: unknown) => {
      const [, command] = calls.registerCommand!.find(([of]) => of === `whytoken.${name}`)!;
      return (command as (argument: unknown) => Promise<unknown>)(argument);
    };
    await openText('The capital of France is');
    await run('showSurprisal');
    assert.ok(host.made);
    assert.equal(parts.overlays.of(vscode.window.activeTextEditor!.document), 'surprisal');
    await run('continueFrom', {
      uri: 'untitled:none',
      version: 1,
      offset: 0,
      end: 1,
      alternative: { id: 1, text: 'a' },
    });
    assert.equal(parts.notes.length, 1);
  });

  test('a hover is loaded for any text only where it is switched on for any text', async () => {
    const { document } = await openText('The capital of France is');
    const { host, calls } = begin();
    const [first, later] = calls.registerHoverProvider!.map(
      ([, provider]) => provider as vscode.HoverProvider,
    );
    const { token } = new vscode.CancellationTokenSource();
    const hover = (provider: vscode.HoverProvider) =>
      provider.provideHover(document, new vscode.Position(0, 5), token);
    assert.deepEqual([await hover(first!), await hover(later!)], [null, null]);
    assert.equal(host.made, null);
    await withSettings({ hover: 'always' }, async () => {
      const markdown = (await hover(later!))?.contents[0] as vscode.MarkdownString;
      assert.match(markdown.value, /Probability here/);
      assert.ok(host.made);
    });
  });

  for (const name of ['live', 'inlineCompletion.enabled']) {
    test(`${name}: loaded at once where it is on, and as soon as it is switched on`, async () => {
      const { host } = begin();
      await withSettings({ [name]: true }, async () => {
        await until(() => host.made !== null);
        assert.ok(begin().host.made);
      });
      assert.equal(begin().host.made, null);
    });
  }

  test('a panel of an earlier window comes back', async () => {
    const { calls } = begin();
    for (const [viewType, serializer] of calls.registerWebviewPanelSerializer!) {
      const { panel, webview } = fakePanel();
      await (serializer as vscode.WebviewPanelSerializer).deserializeWebviewPanel(panel, undefined);
      assert.match(webview.html, /<script/, String(viewType));
    }
  });

  test('the explanation as text is there, and its changes are told', async () => {
    const { calls } = begin();
    const [[scheme, provider]] = calls.registerTextDocumentContentProvider as [
      [string, vscode.TextDocumentContentProvider],
    ];
    const uri = vscode.Uri.from({ scheme, path: '/Explanation.txt' });
    const { token } = new vscode.CancellationTokenSource();
    assert.match((await provider.provideTextDocumentContent(uri, token)) ?? '', /^Nothing is explained yet/);
    const told: string[] = [];
    provider.onDidChange!((changed) => told.push(changed.toString()));
    const editor = await openText('The capital of France is');
    await explainSelected(parts, editor, 'France is');
    // Each score that comes is a change, too.
    await until(() => parts.scored.isKnown(editor.document, { start: 15, end: 24 }));
    await parts.asText.show();
    assert.deepEqual(told, [uri.toString()]);
    assert.match((await provider.provideTextDocumentContent(uri, token)) ?? '', /^Why " Paris"/);
  });
});

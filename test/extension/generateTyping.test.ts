import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { GhostText } from '../../src/host/generate/ghostText.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { generationOf } from './fakeEngine.ts';
import { openText, useParts } from './parts.ts';
import { accept, Suggestions, until } from './suggestions.ts';

describe('Suggestions while typing', () => {
  const parts = useParts();
  let suggestions: Suggestions;
  beforeEach(() => {
    const isOwn = (provider: unknown) => provider === parts.suggestions || provider instanceof GhostText;
    suggestions = parts.own(new Suggestions(isOwn));
  });
  afterEach(() => setEnabled(undefined));

  async function setEnabled(isOn: boolean | undefined): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('whytoken.inlineCompletion');
    await configuration.update('enabled', isOn, vscode.ConfigurationTarget.Global);
  }

  /** As VS Code asks, without VS Code. */
  function provide(document: vscode.TextDocument, character: number) {
    const triggerKind = vscode.InlineCompletionTriggerKind.Automatic;
    const context = { triggerKind, selectedCompletionInfo: undefined };
    const never = new vscode.CancellationTokenSource().token;
    return parts.suggestions.provideInlineCompletionItems(
      document,
      new vscode.Position(0, character),
      context,
      never,
    );
  }

  const type = (text: string) => vscode.commands.executeCommand('type', { text });

  test('are off: there is no provider; the setting brings and takes it', async () => {
    assert.equal(suggestions.providers, 0);
    await setEnabled(true);
    await until(() => suggestions.providers === 1);
    await setEnabled(false);
    await until(() => suggestions.providers === 0);
  });

  test('are one short greedy candidate to the end of the line, after a pause', async () => {
    await setEnabled(true);
    const { document } = await openText('');
    for (const letter of 'Once') await type(letter);
    await until(() => parts.engine.generated.length > 0);
    const [{ params, resolve }] = parts.engine.generated as [(typeof parts.engine.generated)[0]];
    assert.deepEqual(
      [params.text, params.sequences, params.maxTokens, params.temperature, params.stop],
      ['Once', 1, 16, 0, ['\n']],
    );
    resolve(generationOf(' upon a time'));
    await suggestions.are(' upon a time');
    assert.equal(await accept('commit'), 'Once upon a time');
    assert.equal(parts.generated.tokensAt(document, 5)?.tokens[0]?.text, ' upon');
    assert.equal(parts.engine.generated.length, 1);
  });

  test('stay without another request while their own text is typed', async () => {
    await setEnabled(true);
    await openText('');
    await type('O');
    await until(() => parts.engine.generated.length === 1);
    parts.engine.generated[0]!.resolve(generationOf('nce upon'));
    await suggestions.are('nce upon');
    await sleep(100);
    for (const letter of 'nce') await type(letter);
    await suggestions.are(' upon');
    assert.equal(await accept('commit'), 'Once upon');
    assert.equal(parts.engine.generated.length, 1);
  });

  test('are not asked for any more when somebody types on', async () => {
    await setEnabled(true);
    await openText('');
    await type('O');
    await until(() => parts.engine.generated.length === 1);
    await type('n');
    await until(() => parts.engine.generated[0]!.options.cancellation?.isCancellationRequested === true);
    await until(() => parts.engine.generated.length === 2);
    assert.equal(parts.engine.generated[1]!.params.text, 'On');
  });

  test('are silent while candidates are offered', async () => {
    await setEnabled(true);
    const editor = await openText('Once');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const run = parts.generator.generate();
    await until(() => parts.engine.generated.length === 1);
    parts.engine.generated[0]!.resolve(generationOf(' upon'));
    await run;
    await suggestions.are(' upon');
    assert.deepEqual(await provide(editor.document, 4), []);
    assert.equal(await accept('commit'), 'Once upon');
    assert.equal(parts.engine.generated.length, 1);
    let items: vscode.InlineCompletionItem[] | null = null;
    void provide(editor.document, 9).then((given) => {
      items = given;
    });
    // VS Code may ask too, now that the text has changed.
    await until(() => {
      for (const { resolve } of parts.engine.generated.slice(1)) resolve(generationOf(' a'));
      return items !== null;
    });
    assert.equal(items!.length, 1);
  });

  test('report no errors', async () => {
    await setEnabled(true);
    await openText('');
    parts.engine.generate = async () => {
      throw new EngineError('process-exited', { reason: 'test' });
    };
    await type('O');
    await until(() => suggestions.answers.length > 0);
    assert.deepEqual([suggestions.last, parts.notes], [[], []]);
  });

  test('are for texts that somebody writes, not for input boxes and output', async () => {
    await setEnabled(true);
    const scheme = 'whytoken-output';
    const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: () => 'text',
    });
    const output = await vscode.workspace.openTextDocument(vscode.Uri.parse(`${scheme}:1`));
    assert.deepEqual(await provide(output, 4), []);
    assert.equal(parts.engine.generated.length, 0);
    registration.dispose();
  });
});

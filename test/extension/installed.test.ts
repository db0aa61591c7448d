/** The extension as the editor activates it, with its own process and the bundled model. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { WhytokenApi } from '../../src/extension.ts';
import { closeAll, openText, select } from './parts.ts';
import { accept } from './suggestions.ts';

describe('The extension', () => {
  const extension = vscode.extensions.getExtension<WhytokenApi>('whytoken.whytoken')!;

  afterEach(async () => {
    await closeAll();
  });

  test('is there without being asked for, with every command of its manifest', async () => {
    for (let i = 0; i < 1000 && !extension.isActive; i++) await sleep(20);
    assert.ok(extension.isActive);
    const all = new Set(await vscode.commands.getCommands(true));
    const contributed = extension.packageJSON.contributes.commands as { command: string }[];
    assert.deepEqual(
      contributed.filter(({ command }) => !all.has(command)),
      [],
    );
  });

  test('has no native module in the extension host, not even while it explains', async () => {
    const editor = await openText('The capital of France is');
    select(editor, 'France is');
    await extension.activate();
    await vscode.commands.executeCommand('whytoken.explainSelection');
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.ok(sharedObjects.length > 3);
    assert.deepEqual(
      sharedObjects.filter((file) => /onnx|whytoken/.test(file)),
      [],
    );
  });

  test('takes no key that VS Code’s defaults have, but Escape', async () => {
    const defaults = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(defaults)).getText();
    const entries = [...text.matchAll(/"key": "([^"]+)",\s+"command": "([^"]+)"/g)];
    assert.ok(entries.length > 500);
    const theirs = new Set(
      entries.filter(([, , command]) => !command!.startsWith('whytoken.')).map(([, key]) => key),
    );
    const contributed = extension.packageJSON.contributes.keybindings as { key: string }[];
    assert.deepEqual(
      contributed.map(({ key }) => key).filter((key) => theirs.has(key)),
      ['escape', 'escape', 'escape'],
    );
  });

  test('explains a selection and fills the hover', async () => {
    const editor = await openText('The capital of the United Kingdom is London. The capital of France is');
    select(editor, 'The capital of France is');
    const api = await extension.activate();
    await vscode.commands.executeCommand('whytoken.explainSelection');
    const { firstPaint, final, tokens } = api.lastTimings!;
    console.log(`      first paint ${firstPaint.toFixed(0)} ms, final ${final.toFixed(0)} ms`);
    assert.ok(tokens >= 5 && firstPaint <= final);
    assert.ok(editor.selection.isEmpty);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(0, 50),
    );
    const markdown = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    assert.match(markdown.map(({ value }) => value).join('\n'), /Probability here/);
  });

  test('generates candidates; one of them is taken, and one undo takes all of it back', async () => {
    const editor = await openText('The capital of France is');
    editor.selection = new vscode.Selection(0, 24, 0, 24);
    await vscode.commands.executeCommand('whytoken.generate');
    assert.equal(editor.document.getText(), 'The capital of France is');
    const generated = await accept('commit');
    assert.ok(generated.startsWith('The capital of France is') && generated.length > 24, generated);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'The capital of France is');
  });

  test('shows the panel beside the text and leaves the focus there', async () => {
    const editor = await openText('The capital of France is');
    await vscode.commands.executeCommand('whytoken.openPanel');
    assert.equal((await panelTabs('explanation')).length, 1);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    await vscode.commands.executeCommand('whytoken.openPanel');
    assert.equal((await panelTabs('explanation')).length, 1);
  });

  test('shows a head that was pressed in another panel in place of that panel, wherever the focus was', async () => {
    await openText('The capital of France is');
    await vscode.commands.executeCommand('whytoken.openStructure');
    const [structure] = await panelTabs('structure');
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await vscode.commands.executeCommand('whytoken.openAttention', { layer: 1, head: 1 });
    const [attention] = await panelTabs('attention');
    assert.equal(attention!.group.viewColumn, structure!.group.viewColumn);
    assert.equal(vscode.window.tabGroups.all.length, 2);
    for (let i = 0; i < 500 && !attention!.group.isActive; i++) await sleep(20);
    assert.ok(attention!.isActive && attention!.group.isActive);
  });

  /** The tabs of one panel, as soon as there is one. */
  async function panelTabs(name: string): Promise<vscode.Tab[]> {
    const tabs = () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.endsWith(`whytoken.${name}`),
        );
    for (let i = 0; i < 1000 && tabs().length === 0; i++) await sleep(20);
    return tabs();
  }

  describe('Tools for agents', () => {
    const invoke = async (name: string, input: object): Promise<string> => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
    };

    test('are those of the manifest', async () => {
      await extension.activate();
      const registered = vscode.lm.tools.filter(({ name }) => name.startsWith('whytoken_'));
      const contributed = extension.packageJSON.contributes.languageModelTools as {
        name: string;
        modelDescription: string;
        inputSchema: object;
      }[];
      assert.deepEqual(
        registered.map(({ name, description, inputSchema }) => [name, description, inputSchema]),
        contributed.map(({ name, modelDescription, inputSchema }) => [name, modelDescription, inputSchema]),
      );
    });

    test('answer with the bundled model’s numbers', async () => {
      const text = 'The capital of the United Kingdom is London. The capital of France is';
      const probabilities = await invoke('whytoken_token_probabilities', { text, top: 2 });
      assert.match(
        probabilities,
        /^How well it is predicted: perplexity [\d.]+, [\d.]+ bits per token, .* over \d+ predicted tokens\./,
      );
      assert.match(
        probabilities,
        /^Receipt: Model: tiny-gpt2 \(SHA-256 [\da-f]{64}\); .* BOS: not prepended; /m,
      );
      const explanation = await invoke('whytoken_explain_text', { text, maxTokens: 3 });
      assert.match(explanation, /^Why ".+" \([^)]+%\)( and not ".+" \([^)]+%\))?\?$/m);
      assert.equal(explanation.match(/^\| \d+ \| ".+" \| [+-]/gm)?.length, 3);
      const generated = await invoke('whytoken_generate_text', {
        text,
        candidates: 2,
        maxTokens: 5,
        seed: 1,
      });
      assert.equal(
        generated.match(/^Candidate \d: [1-5] tokens, .+; mean surprisal [\d.]+ bits per token\.$/gm)?.length,
        2,
      );
    });

    test('refuse wrong input with a sentence that a model can act on', async () => {
      await assert.rejects(
        invoke('whytoken_token_probabilities', { text: 'x', top: 0 }),
        /top is 0, but must be a whole number from 1 to 10/,
      );
    });

    test('do not end what the person is doing', async () => {
      const settings = vscode.workspace.getConfiguration('whytoken.generation');
      await settings.update('temperature', 0, vscode.ConfigurationTarget.Global);
      try {
        const editor = await openText('The capital of France is');
        const generate = async () => {
          editor.selection = new vscode.Selection(0, 24, 0, 24);
          await vscode.commands.executeCommand('whytoken.generate');
          const generated = editor.document.getText();
          await vscode.commands.executeCommand('undo');
          return generated;
        };
        const alone = await generate();
        const tool = () => invoke('whytoken_generate_text', { text: 'Once', maxTokens: 64 });
        const [agents, persons, later] = await Promise.all([tool(), generate(), tool()]);
        assert.equal(persons, alone);
        for (const answer of [agents, later]) assert.match(answer, /^Candidate 1: \d+ tokens/);
      } finally {
        await settings.update('temperature', undefined, vscode.ConfigurationTarget.Global);
      }
    });
  });
});

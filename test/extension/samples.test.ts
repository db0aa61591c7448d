/** The samples of the walkthrough, as its buttons open them; with the extension as it is installed. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { sights } from '../../src/host/names.ts';
import { samples } from '../../src/host/samples/samples.ts';
import { trySample } from '../../src/host/samples/trySample.ts';
import { closeAll, explainSelected, openText, replace, until, useParts } from './parts.ts';
import { accept } from './suggestions.ts';

const tryIt = (name: string) => vscode.commands.executeCommand('whytoken.trySample', name);
const walkthrough = 'whytoken.whytoken#whytoken.start';

describe('A sample', () => {
  afterEach(closeAll);

  const hovered = async (editor: vscode.TextEditor, offset: number) => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      editor.document.positionAt(offset),
    );
    const markdown = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    return markdown.map(({ value }) => value).join('\n');
  };

  test('is opened with its text selected, and is explained', async () => {
    await tryIt('capital');
    const editor = vscode.window.activeTextEditor!;
    assert.match(editor.document.uri.path, /\/samples\/capital\.md$/);
    assert.ok(editor.selection.isEmpty, 'the selection makes room for the colours');
    assert.equal(editor.document.offsetAt(editor.selection.end), samples.capital.text.length);
    assert.match(await hovered(editor, samples.capital.text.indexOf(' France') + 2), /spoke for .*Paris/);
  });

  test('is as it comes again, after somebody wrote in it; that can be undone', async () => {
    await tryIt('capital');
    const { document } = vscode.window.activeTextEditor!;
    const before = document.getText();
    await replace(vscode.window.activeTextEditor!, 0, 3, 'What is the');
    await tryIt('capital');
    assert.equal(document, vscode.window.activeTextEditor?.document);
    assert.deepEqual([document.getText(), document.isDirty], [before, false]);
    await vscode.commands.executeCommand('undo');
    assert.match(document.getText(), /^What is the/);
  });

  test('leaves the walkthrough in sight', async () => {
    await vscode.commands.executeCommand('whytoken.getStarted');
    const walkthroughs = () =>
      vscode.window.tabGroups.all.filter(({ activeTab }) => activeTab && activeTab.input === undefined);
    await until(() => walkthroughs().length === 1);
    await tryIt('capital');
    assert.equal(vscode.window.tabGroups.all.length, 2);
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough);
    await tryIt('surprisal');
    assert.equal(vscode.window.tabGroups.all.length, 2);
    assert.equal(walkthroughs().length, 1);
    assert.match(vscode.window.activeTextEditor!.document.uri.path, /surprise\.md$/);
  });

  test('lets the model write on, always with its most probable token', async () => {
    await tryIt('story');
    const { document } = vscode.window.activeTextEditor!;
    await accept('commit');
    await until(() => document.getText().startsWith(`${samples.story.text} The red ball was in the garden.`));
  });

  test('asks about one token, and shows the answer under its line', async () => {
    await tryIt('token');
    const editor = vscode.window.activeTextEditor!;
    assert.match(
      await hovered(editor, editor.document.getText().indexOf(' Friday') + 2),
      /spoke (for|against)/,
    );
    await tryIt('answer');
    assert.match(vscode.window.activeTextEditor!.document.uri.path, /capital\.md$/);
  });

  test('that does not exist is an error with its name', async () => {
    await assert.rejects(async () => tryIt('toString'), /There is no sample "toString"/);
  });
});

describe('What was seen, for the walkthrough', () => {
  const parts = useParts();

  test('nothing, where a command showed nothing', async () => {
    await openText('');
    await parts.explainer.explainSelection();
    await parts.overlayCommands.toggle('surprisal');
    await assert.rejects(trySample('nothing', parts));
    for (const sight of sights) {
      assert.ok(!parts.seen.has(sight), sight);
    }
  });

  test('an explanation, a token, a whole text', async () => {
    const editor = await openText('The capital of France is near');
    await explainSelected(parts, editor, 'France is');
    assert.ok(parts.seen.has('explanation') && !parts.seen.has('token'));
    parts.hover.provideHover(editor.document, new vscode.Position(0, 17));
    assert.ok(parts.seen.has('token') && !parts.seen.has('overlay'));
    await parts.overlayCommands.toggle('surprisal');
    await until(() => parts.seen.has('overlay'));
    assert.ok(!parts.seen.has('model'));
  });

  for (const [name, show] of [
    ['its panel', async () => parts.panels.attribution.open()],
    ['it as text', () => parts.asText.show()],
  ] as const) {
    test(`a token, by who opens ${name}; not where nothing is explained`, async () => {
      const editor = await openText('The capital of France is near');
      await show();
      assert.ok(!parts.seen.has('token'));
      await vscode.window.showTextDocument(editor.document);
      await explainSelected(parts, vscode.window.activeTextEditor!, 'France is');
      assert.ok(!parts.seen.has('token'));
      await show();
      assert.ok(parts.seen.has('token'));
    });
  }
});

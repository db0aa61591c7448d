import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { explanationOf } from './fakeEngine.ts';
import {
  explainSelected,
  openText,
  replace,
  select,
  settle,
  until,
  useParts,
  withSettings,
} from './parts.ts';

const text = 'The capital of France is Paris today';

describe('A note in the status item', () => {
  const parts = useParts();

  async function explain(editor: vscode.TextEditor, selected: string) {
    await explainSelected(parts, editor, selected);
  }

  test('gives way to another overlay', async () => {
    await openText(text);
    parts.problems.note('A remark.');
    assert.match(parts.statusItem.text, /A remark/);
    await parts.overlayCommands.toggle('surprisal');
    assert.match(parts.statusItem.text, /Surprisal/);
  });

  test('has a legend of the bands to the pointer while the surprisal is shown', async () => {
    await openText('alpha beta gamma');
    await parts.overlayCommands.toggle('surprisal');
    await until(() => /Surprisal: /.test(parts.statusItem.text));
    const { tooltip } = parts.statusItem;
    for (const name of ['top 1', 'top 10', 'top 100', 'top 1\\,000', 'beyond'])
      assert.ok(tooltip.includes(`) ${name}`), tooltip);
    await withSettings({ 'surprisal.scale': 'bits' }, async () => {
      await until(() => / 14 bits$/m.test(parts.statusItem.tooltip));
    });
  });

  test('gives way to another explanation, also to one that was under way before', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    const explained = parts.texts.of(editor.document)!;
    parts.problems.note('A remark.');
    await replace(editor, 0, 3, 'Our');
    assert.match(parts.statusItem.text, /A remark/, 'it has only moved');
    parts.texts.answer(explained, explained.explanation!);
    assert.match(parts.statusItem.text, /A remark/, 'it is the same explanation');
    await explain(editor, 'capital');
    assert.match(parts.statusItem.text, /Why/);

    select(editor, 'Paris');
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained.at(-1)!;
    parts.problems.note('Another remark.');
    request.resolve(explanationOf(request.params));
    await run;
    assert.match(parts.statusItem.text, /Why/);
  });

  test('stays while more becomes known of what is shown', async () => {
    const editor = await openText('alpha beta gamma');
    await parts.overlayCommands.toggle('surprisal');
    parts.problems.note('A remark.');
    await until(() => parts.overlays.marks(editor).tokens.length === 3);
    await settle(50);
    assert.match(parts.statusItem.text, /A remark/);
  });

  test('says that an explanation was dropped', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    await replace(editor, 17, 18, 'X');
    await settle(50);
    parts.problems.note('The text was changed.');
    assert.equal(parts.overlays.of(editor.document), null);
    assert.match(parts.statusItem.text, /The text was changed/);
    await explain(editor, 'Paris');
    assert.match(parts.statusItem.text, /Why/);
  });

  test('gives way to another document, not to a panel', async () => {
    await openText(text);
    parts.problems.note('A remark.');
    const panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.Two);
    await until(() => vscode.window.activeTextEditor === undefined);
    await settle(50);
    assert.match(parts.statusItem.text, /A remark/);
    panel.dispose();
    await until(() => vscode.window.tabGroups.all.length === 1);
    await openText('something else');
    await until(() => !parts.statusItem.text.includes('A remark'));
  });
});

describe('The status item', () => {
  const parts = useParts();
  const tooltip = () => {
    const { tooltip } = parts.item;
    return typeof tooltip === 'string' ? tooltip : (tooltip?.value ?? '').replaceAll(/\\|&nbsp;/g, '');
  };

  test('names the model', async () => {
    const editor = await openText(text);
    assert.match(tooltip(), /Model: tiny-gpt2 \(bundled\)$/);
    await withSettings({ 'model.path': '/models/my-gpt2/' }, async () => {
      await until(() => /Model: my-gpt2$/.test(tooltip()));
      await explainSelected(parts, editor, 'France is');
      assert.match(tooltip(), /Model: my-gpt2$/);
    });
  });

  test('its menu has generating, all panels and the model', async () => {
    const { showQuickPick } = vscode.window;
    let items: vscode.QuickPickItem[] = [];
    Object.assign(vscode.window, {
      showQuickPick: async (all: vscode.QuickPickItem[]) => {
        items = all;
      },
    });
    try {
      await openText(text);
      await parts.overlayCommands.menu();
      const labels = items.map(({ label }) => label);
      for (const panel of ['Explanation', 'Attention', 'Probabilities', 'Structure'])
        assert.ok(labels.includes(`Open ${panel} Panel`), panel);
      assert.ok(labels.includes('Generate at the cursor'));
      const model = () => items.find(({ label }) => label === 'Choose another model…')?.description;
      assert.equal(model(), 'tiny-gpt2 (bundled)');
      assert.ok(!labels.includes('Use the Bundled Model'));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until(() => !vscode.window.activeTextEditor);
      const notes = parts.notes.length;
      await parts.overlayCommands.menu();
      assert.equal(parts.notes.length, notes, 'it opens without a text');
      const without = items.map(({ label }) => label);
      assert.deepEqual(
        ['Open a sample…', 'Open Structure Panel', 'Choose another model…', 'Generate at the cursor'].map(
          (label) => without.includes(label),
        ),
        [true, true, true, false],
      );
      await openText(text);
      await withSettings({ 'model.path': '/models/my-gpt2' }, () => parts.overlayCommands.menu());
      assert.equal(model(), 'my-gpt2');
      assert.ok(items.some(({ label }) => label === 'Use the Bundled Model'));
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
  });
});

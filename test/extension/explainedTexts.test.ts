import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { explanationOf } from './fakeEngine.ts';
import { explainSelected, openText, replace, select, settle, useParts, withSettings } from './parts.ts';

const text = 'The capital of France is near. Say more about it.';

describe('What was asked before', () => {
  const parts = useParts();
  const asked = () => parts.engine.explained.length;
  const shown = ({ document }: vscode.TextEditor) => parts.texts.of(document);

  async function explain(editor: vscode.TextEditor, selected: string) {
    await explainSelected(parts, editor, selected);
    return shown(editor)!;
  }

  /** Asks what the engine need not be asked. */
  async function again(editor: vscode.TextEditor, selected: string) {
    const before = asked();
    select(editor, selected);
    await parts.explainer.explainSelection();
    assert.equal(asked(), before);
    return shown(editor)!;
  }

  test('is shown at once, with the receipt that it had', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    const { explanation } = first;
    const second = await explain(editor, 'Say more');
    assert.notEqual(second, first);
    assert.equal(await again(editor, 'France is'), first);
    assert.equal(first.explanation, explanation);
    assert.ok(editor.selection.isEmpty, 'the selection makes room for the colours, as ever');
    const marked = parts.overlays.marks(editor).tokens.map(({ range }) => editor.document.getText(range));
    assert.deepEqual(marked, ['France', ' is']);
    assert.equal(await again(editor, 'Say more'), second);
  });

  test('so is another foil', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    const run = parts.explainer.whyNot(first, { kind: 'text', text: ' far' });
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    const other = shown(editor)!;
    assert.notEqual(other, first);
    await again(editor, 'France is');
    await parts.explainer.whyNot(first, { kind: 'text', text: ' far' });
    assert.equal(asked(), 2);
    assert.equal(shown(editor), other);
  });

  test('is asked again for another method, and still known for the first one', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    await withSettings({ method: 'occlusion' }, async () => {
      assert.notEqual(await explain(editor, 'France is'), first);
      assert.equal(asked(), 2);
    });
    assert.equal(await again(editor, 'France is'), first);
  });

  test('is asked again when the text in front has been edited, also when that was undone', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    await replace(editor, 0, 3, 'Our');
    const second = await explain(editor, 'France is');
    assert.notEqual(second, first);
    await replace(editor, 0, 3, 'The');
    assert.notEqual(await explain(editor, 'France is'), first);
    assert.equal(asked(), 3);
  });

  test('moves with the edits around it, where only the selection is read', async () => {
    await withSettings({ context: 'selection' }, async () => {
      const editor = await openText(text);
      const first = await explain(editor, 'France is');
      await explain(editor, 'Say more');
      await replace(editor, 0, 0, 'Well. ');
      await replace(editor, text.length, text.length, ' Or not.');
      assert.equal(await again(editor, 'France is'), first);
      assert.equal(editor.document.getText(first.range), 'France is');
    });
  });

  test('is forgotten when it is edited, and what is shown stays', async () => {
    const editor = await openText(text);
    await explain(editor, 'Say more');
    const second = await explain(editor, 'France is');
    const events: string[] = [];
    const listening = parts.texts.onDidChange(({ kind }) => events.push(kind));
    await replace(editor, text.indexOf('more'), text.indexOf('more') + 4, 'less');
    listening.dispose();
    assert.deepEqual(events, ['moved'], 'of what is shown');
    assert.equal(shown(editor), second);
    assert.equal(parts.overlays.of(editor.document), 'attribution');
    await replace(editor, text.indexOf('more'), text.indexOf('more') + 4, 'more');
    await explain(editor, 'Say more');
    assert.equal(asked(), 3);
  });

  test('is known after its colours were cleared, and not after its document was closed', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    parts.overlayCommands.clear();
    assert.equal(shown(editor), undefined);
    assert.equal(await again(editor, 'France is'), first);
    const { document } = editor;
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    for (let i = 0; i < 500 && !document.isClosed; i++) await settle(20);
    assert.equal(parts.texts.known(first), undefined);
  });

  test('replaces a request that is under way', async () => {
    const editor = await openText(text);
    const first = await explain(editor, 'France is');
    select(editor, 'Say more');
    void parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained.at(-1)!;
    assert.equal(await again(editor, 'France is'), first);
    assert.ok(request.options.cancellation?.isCancellationRequested);
    request.resolve(explanationOf(request.params));
    await settle();
    assert.equal(shown(editor), first);
  });

  test('is kept if it was completed and a person asked for it, not if it was cancelled or live', async () => {
    const editor = await openText(text);
    select(editor, 'France is');
    void parts.explainer.explainSelection();
    await settle();
    const { params, options } = parts.engine.explained.at(-1)!;
    options.onProgress?.({
      ...{ stage: 'explaining', done: 1, total: null },
      partial: { ...explanationOf(params), refining: true },
    });
    const partial = shown(editor)!;
    parts.jobs.cancel();
    assert.notEqual(await explain(editor, 'France is'), partial);

    const end = editor.document.lineAt(0).range.end;
    editor.selection = new vscode.Selection(end, end);
    const run = parts.explainer.explainLive(editor);
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    const live = shown(editor)!;
    assert.equal(live.choice.kind, 'live');
    assert.equal(parts.texts.known(live), undefined);
  });

  test('is kept for the last 16 questions', async () => {
    const words = Array.from({ length: 17 }, (_, word) => `word${word};`);
    const editor = await openText(words.join(' '));
    for (const word of words) await explain(editor, word);
    assert.equal(asked(), 17);
    await again(editor, words[1]!);
    await explain(editor, words[0]!);
    assert.equal(asked(), 18);
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { explanationOf } from './fakeEngine.ts';
import { openText, type Parts, replace, select, settle, useParts, withSettings } from './parts.ts';

const text = 'The capital of France is near. Say more about it.';

describe('Explain Selection', () => {
  const parts = useParts();

  /** Runs the command and waits until the engine was asked. */
  async function ask(editor: vscode.TextEditor, selected: string) {
    select(editor, selected);
    const run = parts.explainer.explainSelection();
    await settle();
    return { run, request: parts.engine.explained.at(-1)! };
  }

  async function explain(editor: vscode.TextEditor, selected: string) {
    const { run, request } = await ask(editor, selected);
    request.resolve(explanationOf(request.params));
    await run;
    return parts.texts.of(editor.document)!;
  }

  test('asks about the selection with the text in front of it, and nothing behind it', async () => {
    const editor = await openText(text);
    const { request } = await ask(editor, 'France is');
    assert.equal(request.params.text, 'The capital of France is');
    assert.deepEqual(request.params.range, { start: 15, end: 24 });
    assert.deepEqual(
      [request.params.method, request.params.foil.kind],
      ['integrated-gradients', 'competitor'],
    );
    parts.jobs.cancel();
  });

  test('collapses the selection when the colours come, and has the range and the scores', async () => {
    const editor = await openText(text);
    const explained = await explain(editor, 'France is');
    assert.ok(editor.selection.isEmpty && editor.selection.active.character === 24);
    assert.equal(editor.document.getText(explained.range), 'France is');
    assert.deepEqual(
      explained.tokens.map((token) => token.text),
      ['France', ' is'],
    );
    assert.equal(parts.scored.within(editor.document, explained.question.stretch).length, 2);
    assert.ok(parts.stopwatch.last && parts.stopwatch.last.tokens === 2);
  });

  test('explains the line up to the cursor when nothing is selected', async () => {
    const editor = await openText('one line\n  two words here');
    editor.selection = new vscode.Selection(1, 11, 1, 11);
    void parts.explainer.explainSelection();
    await settle();
    const { params } = parts.engine.explained[0]!;
    assert.equal(params.text.slice(params.range.start, params.range.end), 'two words');
    parts.jobs.cancel();
  });

  test('explains the same range again when the cursor has stayed behind it', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    await withSettings({ method: 'occlusion' }, async () => {
      void parts.explainer.explainSelection();
      await settle();
      assert.deepEqual(parts.engine.explained[1]!.params.range, { start: 15, end: 24 });
      parts.jobs.cancel();
    });
  });

  test('says so where there is nothing to explain', async () => {
    await openText('');
    await parts.explainer.explainSelection();
    assert.match(parts.notes[0]!, /no text to work on/);
    assert.equal(parts.engine.explained.length, 0);
  });

  test('shows partial answers at once and each newer one in its place', async () => {
    const editor = await openText(text);
    const { run, request } = await ask(editor, 'France is');
    const partial = { ...explanationOf(request.params), refining: true };
    request.options.onProgress?.({ stage: 'explaining', done: 1, total: 2, partial });
    assert.equal(parts.texts.of(editor.document)?.explanation?.refining, true);
    request.resolve(explanationOf(request.params));
    await run;
    assert.equal(parts.texts.of(editor.document)?.explanation?.refining, false);
  });

  test('moves with edits in front, also those made while the answer was on its way', async () => {
    const editor = await openText(text);
    const { run, request } = await ask(editor, 'France is');
    await replace(editor, 0, 3, 'What is the');
    request.resolve(explanationOf(request.params));
    await run;
    const explained = parts.texts.of(editor.document)!;
    assert.equal(editor.document.getText(explained.range), 'France is');
    assert.equal(explained.contextChanged, true);
    await replace(editor, 0, 0, 'two\nlines\n');
    assert.deepEqual(tokenTexts(explained), ['France', ' is']);
  });

  test('drops the answer, and cancels the request, when the explained text is edited', async () => {
    const editor = await openText(text);
    const { run, request } = await ask(editor, 'France is');
    await replace(editor, 17, 18, 'X');
    assert.equal(request.options.cancellation?.isCancellationRequested, true);
    await run;
    assert.equal(parts.texts.of(editor.document), undefined);
    assert.match(parts.notes.at(-1)!, /changed/);
  });

  test('does not come back when the edit is undone', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    await replace(editor, 14, 20, '');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
    assert.equal(parts.texts.of(editor.document), undefined);
  });

  test('survives a change of the language and not the closing of the document', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    await vscode.languages.setTextDocumentLanguage(editor.document, 'markdown');
    assert.ok(parts.texts.of(editor.document));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    for (let i = 0; i < 1000 && !editor.document.isClosed; i++) await sleep(20);
    assert.equal(parts.texts.of(editor.document), undefined);
  });

  test('paints nothing wrong when the ends of line flip', async () => {
    const editor = await openText('one\ntwo\nthree');
    await explain(editor, 'two\nthree');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    const explained = parts.texts.of(editor.document);
    assert.ok(!explained || editor.document.getText(explained.range) === 'two\nthree');
  });

  test('cancels the older of two requests', async () => {
    const editor = await openText(text);
    const first = await ask(editor, 'France');
    const second = await ask(editor, 'Say more');
    await first.run;
    assert.equal(first.request.options.cancellation?.isCancellationRequested, true);
    second.request.resolve(explanationOf(second.request.params));
    await second.run;
    assert.deepEqual(tokenTexts(parts.texts.of(editor.document)!), ['Say', ' more']);
  });

  test('clears', async () => {
    const editor = await openText(text);
    await explain(editor, 'France');
    parts.overlayCommands.clear();
    assert.equal(parts.texts.of(editor.document), undefined);
    assert.equal(parts.texts.current, null);
  });
});

/** What stands in the document where the tokens are painted. */
function tokenTexts(explained: NonNullable<ReturnType<Parts['texts']['of']>>): string[] {
  return explained.tokens.map((token) => explained.document.getText(explained.rangeOf(token)));
}

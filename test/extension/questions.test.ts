import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandsOf } from '../../src/host/commands.ts';
import { explanationOf } from './fakeEngine.ts';
import { openText, replace, select, settle, until, useParts, withSettings } from './parts.ts';

const text = 'First line.\n\nThe capital of France is Paris today.';

describe('Why this, and not that?', () => {
  const parts = useParts();

  const request = () => parts.engine.explained.at(-1)!;

  async function answer(run: Promise<unknown>) {
    await settle();
    request().resolve(explanationOf(request().params));
    await run;
  }

  test('Explain This Token asks why the token at the cursor stands there, from the lines up to it', async () => {
    const editor = await openText(text);
    const at = text.indexOf('Paris') + 5;
    editor.selection = new vscode.Selection(editor.document.positionAt(at), editor.document.positionAt(at));
    await answer(parts.explainer.explainToken());
    const { params } = request();
    assert.deepEqual(params.at, { kind: 'offset', offset: at - 1 });
    assert.deepEqual([params.target, params.foil], [{ kind: 'actual' }, { kind: 'competitor' }]);
    assert.equal(params.text.slice(params.range.start, at), 'The capital of France is Paris');
    const explained = parts.texts.of(editor.document)!;
    assert.equal(editor.document.getText(explained.targetRange!), ' Paris');
    assert.equal(editor.document.getText(parts.overlays.marks(editor).target!), ' Paris');
    assert.deepEqual(
      explained.tokens.map((token) => token.text),
      ['The', ' capital', ' of', ' France', ' is'],
    );
  });

  test('the first word of a paragraph is explained by the paragraph before', async () => {
    await openText(text);
    const editor = vscode.window.activeTextEditor!;
    editor.selection = new vscode.Selection(2, 1, 2, 1);
    void parts.explainer.explainToken();
    await settle();
    const { params } = request();
    assert.equal(params.text.slice(params.range.start, 13), 'First line.\n\n');
    parts.jobs.cancel();
  });

  test('another foil is the same question, asked where the text now stands', async () => {
    const editor = await openText(text);
    select(editor, 'The capital of France is');
    await answer(parts.explainer.explainSelection());
    await replace(editor, 0, 5, 'The first');
    const explained = parts.texts.of(editor.document)!;
    const run = parts.explainer.whyNot(explained, { kind: 'text', text: ' the city' });
    await answer(run);
    const { params } = request();
    assert.deepEqual(params.foil, { kind: 'text', text: ' the city' });
    assert.equal(params.text.slice(params.range.start), 'The capital of France is');
    assert.ok(params.text.startsWith('The first line.'));
  });

  test('a foil makes it a contrast, whatever the objective is', async () => {
    await withSettings({ objective: 'probability' }, async () => {
      const editor = await openText(text);
      select(editor, 'France is');
      await answer(parts.explainer.explainSelection());
      assert.deepEqual(
        [request().params.objective, request().params.foil],
        ['probability', { kind: 'none' }],
      );
      await answer(parts.explainer.whyNot(parts.texts.of(editor.document)!, { kind: 'id', id: 3 }));
      assert.equal(request().params.objective, 'contrast');
    });
  });

  test('none makes it no contrast: why at all?', async () => {
    const editor = await openText(text);
    select(editor, 'France is');
    await answer(parts.explainer.explainSelection());
    const why = async () => {
      await answer(parts.explainer.whyNot(parts.texts.of(editor.document)!, { kind: 'none' }));
      return [request().params.objective, request().params.foil];
    };
    assert.deepEqual(await why(), ['log-prob', { kind: 'none' }]);
    await withSettings({ method: 'direct-logit' }, async () =>
      assert.deepEqual(await why(), ['logit', { kind: 'none' }]),
    );
    await withSettings({ objective: 'probability' }, async () =>
      assert.deepEqual(await why(), ['probability', { kind: 'none' }]),
    );
    // By the link of a hover.
    const { uri, version } = editor.document;
    const offset = text.indexOf(' Paris');
    const link = { uri: uri.toString(), version, offset, foil: null };
    const before = parts.engine.explained.length;
    const run = commandsOf(parts).whyNot(link);
    await until(() => parts.engine.explained.length > before);
    await answer(Promise.resolve(run));
    assert.deepEqual(
      [request().params.target, request().params.foil],
      [{ kind: 'actual' }, { kind: 'none' }],
    );
  });

  describe('a first answer', () => {
    async function begin() {
      const editor = await openText(text);
      select(editor, 'France is');
      const run = parts.explainer.explainSelection();
      await settle();
      const partial = { ...explanationOf(request().params), refining: true, delta: 0.25 };
      const { onProgress } = request().options;
      const tell = (done: number, total: number | null) =>
        onProgress?.({ stage: 'explaining', done, total, ...(done === 5 && { partial }) });
      return { editor, run, tell };
    }

    test('is followed by its refining, with δ', async () => {
      const { run, tell } = await begin();
      tell(1, null);
      assert.match(parts.statusItem.text, /Explaining…$/);
      tell(5, 10);
      assert.match(parts.statusItem.text, /Explaining… 50%$/);
      tell(6, null);
      assert.match(parts.statusItem.text, /Refining… δ = \+0\.25/);
      tell(11, 10);
      assert.match(parts.statusItem.text, /Refining… δ = /);
      parts.jobs.cancel();
      await run;
    });

    test('goes when nobody waits for a better one', async () => {
      const { editor, run, tell } = await begin();
      tell(5, null);
      assert.ok(parts.texts.of(editor.document));
      parts.jobs.cancel();
      await run;
      assert.equal(parts.texts.of(editor.document), undefined);
      assert.deepEqual(parts.overlays.marks(editor).tokens, []);
    });

    test('stays until the next question has its answer', async () => {
      const { editor, run, tell } = await begin();
      tell(5, null);
      select(editor, 'capital');
      const next = parts.explainer.explainSelection();
      await run;
      assert.ok(parts.texts.of(editor.document));
      await answer(next);
      assert.equal(parts.texts.of(editor.document)!.explanation!.refining, false);
    });
  });

  test('the answer opens under the line, in words, and goes with the explanation', async () => {
    const editor = await openText(text);
    select(editor, 'France is');
    await answer(parts.explainer.explainSelection());
    parts.answers.toggle();
    assert.equal(parts.answers.isOpen(editor.document), true);
    parts.overlayCommands.clear();
    assert.equal(parts.answers.isOpen(editor.document), false);
  });

  test('the answer is brought into view when it is opened, not when it changes', async () => {
    const editor = await openText(`${text}\n${'more\n'.repeat(500)}`);
    const isSeen = (line: number) =>
      editor.visibleRanges.some((range) => range.contains(range.start.with(line)));
    select(editor, 'France is');
    await answer(parts.explainer.explainSelection());
    editor.revealRange(new vscode.Range(400, 0, 400, 0), vscode.TextEditorRevealType.AtTop);
    await until(() => isSeen(400) && !isSeen(2));
    parts.answers.toggle();
    await until(() => isSeen(2));
    editor.revealRange(new vscode.Range(400, 0, 400, 0), vscode.TextEditorRevealType.AtTop);
    await until(() => isSeen(400) && !isSeen(2));
    const explained = parts.texts.of(editor.document)!;
    parts.texts.answer(explained, explained.explanation!);
    await settle(200);
    assert.equal(isSeen(2), false);
  });

  test('live: the line is explained at each pause, cancelled by the next key, with what it was before', async () => {
    await withSettings({ live: true }, async () => {
      const editor = await openText('Once');
      const type = (typed: string) => vscode.commands.executeCommand('type', { text: typed });
      editor.selection = new vscode.Selection(0, 4, 0, 4);
      await type(' u');
      await until(() => parts.engine.explained.length === 1);
      await type('p');
      await until(() => parts.engine.explained.length === 2);
      assert.equal(parts.engine.explained[0]!.options.cancellation?.isCancellationRequested, true);
      assert.equal(request().params.text, 'Once up');
      request().resolve(explanationOf(request().params));
      await until(() => parts.texts.of(editor.document) !== undefined);
      await type('o');
      await until(() => parts.engine.explained.length === 3);
      request().resolve(explanationOf(request().params));
      await until(() => parts.texts.of(editor.document)?.previous !== null);
      assert.match(parts.overlays.marks(editor).words!.text, /; before: " Paris" \(41%\)$/);
      assert.deepEqual(parts.notes, []);
    });
  });

  test('live is off by default', async () => {
    await openText('Once');
    await vscode.commands.executeCommand('type', { text: 'x' });
    await settle(400);
    assert.equal(parts.engine.explained.length, 0);
  });
});

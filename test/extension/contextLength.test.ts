import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Mark } from '../../src/host/overlay/overlay.ts';
import { probeOf } from './fakeEngine.ts';
import { openText, replace, until, useParts, withSettings } from './parts.ts';

const text = 'The capital of France is Paris today';

describe('Context length', () => {
  const parts = useParts();

  const marks = (editor: vscode.TextEditor) => parts.overlays.marks(editor);
  const marked = (editor: vscode.TextEditor) =>
    marks(editor).tokens.map(({ range, scale, level }: Mark) => [
      editor.document.getText(range),
      scale,
      level,
    ]);
  const probe = () => parts.overlayCommands.toggle('context');
  const putCursor = (editor: vscode.TextEditor, from: number, to = from) => {
    editor.selection = new vscode.Selection(0, from, 0, to);
  };
  const asked = async (count: number) => {
    await until(() => parts.engine.probed.length >= count);
    return parts.engine.probed[count - 1]!;
  };

  test('of the token at the cursor: its context in colours, itself outlined', async () => {
    const editor = await openText(text);
    putCursor(editor, text.indexOf('Paris') + 2);
    await probe();
    const { params, resolve } = await asked(1);
    assert.deepEqual(params.at, { kind: 'offset', offset: text.indexOf('Paris') + 2 });
    assert.equal(params.most, 64);
    resolve(probeOf(params));
    await until(() => marked(editor).length > 0);
    assert.deepEqual(marked(editor).slice(-3), [
      [' of', 'context', 2],
      [' France', 'context', 4],
      [' is', 'context', 7],
    ]);
    assert.equal(editor.document.getText(marks(editor).target!), ' Paris');
    assert.equal(
      parts.overlays.headline(editor.document),
      'Context of " Paris" (50%): most changed by " is", 0.7 bits',
    );
    assert.match(parts.overlays.legend(editor.document), /as if the text began there/);
    await probe();
    assert.equal(parts.overlays.of(editor.document), null, 'the same again takes it away');
  });

  test('of what follows a selection: windows begin in it', async () => {
    const editor = await openText(text);
    putCursor(editor, 4, text.indexOf(' Paris'));
    await probe();
    const { params, resolve } = await asked(1);
    assert.deepEqual([params.at, params.range], [{ kind: 'end' }, { start: 4, end: 24 }]);
    resolve(probeOf(params));
    await until(() => marked(editor).length === 4);
    assert.deepEqual(
      marked(editor).map(([word]) => word),
      ['capital', ' of', ' France', ' is'],
    );
    assert.equal(marks(editor).target, null);
    assert.equal(editor.document.getText(marks(editor).place!), ' ');
  });

  test('another token is asked about while it is shown', async () => {
    const editor = await openText(text);
    putCursor(editor, text.indexOf('Paris'));
    await probe();
    const first = await asked(1);
    putCursor(editor, text.indexOf('France'));
    await probe();
    const second = await asked(2);
    assert.equal(parts.overlays.of(editor.document), 'context');
    second.resolve(probeOf(second.params));
    await until(() => marked(editor).length === 3);
    first.resolve(probeOf(first.params));
    await vscode.window.showTextDocument(editor.document);
    assert.equal(editor.document.getText(marks(editor).target!), ' France');
  });

  test('the nearest tokens are shown first; Escape leaves what is known, and says so', async () => {
    const editor = await openText(text);
    putCursor(editor, text.indexOf('Paris'));
    await probe();
    const { params, options } = await asked(1);
    const whole = probeOf(params);
    const near = whole.steps.map((step, at) => (at < 4 ? Number.NaN : step));
    const partial = { ...whole, steps: near, logProbs: near, gains: near, importances: near };
    options.onProgress?.({ stage: 'reading', done: 1, total: 10, partial });
    await until(() => marked(editor).length === 1);
    assert.deepEqual(marked(editor), [[' is', 'context', 7]]);
    assert.match(parts.overlays.headline(editor.document), /so far most changed by " is"/);
    assert.match(parts.statusItem.text, /Probing the context/);
    parts.jobs.cancel();
    await until(() => parts.jobs.running.length === 0);
    assert.deepEqual(marked(editor), [[' is', 'context', 7]]);
  });

  test('an edit in it takes it away, one in front of it moves it along', async () => {
    const editor = await openText(`Before.\n${text}`);
    editor.selection = new vscode.Selection(1, 4, 1, text.indexOf(' Paris'));
    await probe();
    const { params, resolve } = await asked(1);
    resolve(probeOf(params));
    await until(() => marked(editor).length === 4);
    const before = marked(editor);
    await replace(editor, 0, 3, 'Long be');
    assert.deepEqual(marked(editor), before);
    await replace(editor, editor.document.getText().indexOf('France'), 2, 'X');
    assert.deepEqual(marked(editor), []);
  });

  test('what the hover tells of a token', async () => {
    const editor = await openText(text);
    putCursor(editor, text.indexOf('Paris'));
    await probe();
    const { params, resolve } = await asked(1);
    resolve(probeOf(params));
    await until(() => marked(editor).length > 0);
    const position = editor.document.positionAt(text.indexOf('France') + 1);
    const hover = async () => {
      const later = await parts.hover.later.provideHover(
        editor.document,
        position,
        new vscode.CancellationTokenSource().token,
      );
      const shown = parts.hover.provideHover(editor.document, position) ?? later;
      return (shown?.contents[0] as vscode.MarkdownString | undefined)?.value ?? '';
    };
    const told = (await hover()).replaceAll('\\', '');
    assert.match(told, /the prediction changes by 0\.4 bits/);
    assert.match(told, /" Paris": 50% with it, 25% without it/);
  });

  test('by words: what their tokens change, together', async () => {
    const editor = await openText(text);
    putCursor(editor, text.indexOf('Paris'));
    await withSettings({ granularity: 'line' }, async () => {
      await probe();
      const { params, resolve } = await asked(1);
      resolve(probeOf(params));
      await until(() => marked(editor).length === 1);
      assert.deepEqual(marked(editor), [['The capital of France is', 'context', 7]]);
    });
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { restartEngine } from '../../src/host/restartEngine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { scoresOf } from './fakeEngine.ts';
import { explainSelected, openText, settle, until, useParts, withSettings } from './parts.ts';

describe('Scores of documents', () => {
  const parts = useParts();
  const { showErrorMessage } = vscode.window;
  afterEach(() => {
    Object.assign(vscode.window, { showErrorMessage });
  });

  /** What VS Code asks of the provider that fills in. */
  const hoverAt = (editor: vscode.TextEditor, character: number, token = never) =>
    parts.hover.later.provideHover(editor.document, new vscode.Position(0, character), token);
  const never = new vscode.CancellationTokenSource().token;
  const told = async (editor: vscode.TextEditor, character: number) => {
    const known = parts.hover.provideHover(editor.document, new vscode.Position(0, character));
    const hover = known ?? (await hoverAt(editor, character));
    return hover ? (hover.contents[0] as vscode.MarkdownString).value : null;
  };
  const exited = () => new EngineError('process-exited', { reason: 'it was killed' });

  test('a process that ends takes no probability with it: the question is asked again', async () => {
    await withSettings({ hover: 'always' }, async () => {
      for (const code of ['process-exited', 'process-unresponsive', 'file-changed'] as const) {
        const editor = await openText(`after ${code}`);
        const { score } = parts.engine;
        let times = 0;
        parts.engine.score = (params, options) =>
          times++ === 0 ? Promise.reject(new EngineError(code)) : score.call(parts.engine, params, options);
        assert.match((await told(editor, 8)) ?? '', /Probability here/, code);
        parts.engine.score = score;
      }
      assert.deepEqual(parts.notes, []);
    });
  });

  test('a text on which the process ends each time is given up, others are not', async () => {
    await withSettings({ hover: 'always' }, async () => {
      const editor = await openText('fatal words');
      const { score } = parts.engine;
      let times = 0;
      parts.engine.score = () => {
        times++;
        return Promise.reject(exited());
      };
      assert.equal(await told(editor, 8), null);
      await settle(50);
      assert.equal(times, 2, 'it is not asked about until the process is given up');
      assert.equal(parts.notes.length, 1);
      parts.engine.score = score;
      assert.match((await told(await openText('other words'), 8)) ?? '', /Probability here/);
      assert.match((await told(editor, 8)) ?? '', /Probability here/, 'and this one when it is asked about');
    });
  });

  test('after a failure that stays, hovers work again when the engine is restarted, or has explained something', async () => {
    Object.assign(vscode.window, { showErrorMessage: async () => undefined });
    await withSettings({ hover: 'always' }, async () => {
      const editor = await openText('one two three');
      const { score } = parts.engine;
      for (const mend of [
        () => restartEngine(parts),
        (fresh: vscode.TextEditor) => explainSelected(parts, fresh, 'two three'),
      ]) {
        parts.engine.score = () =>
          Promise.reject(new EngineError('process-gave-up', { count: 5, minutes: 3 }));
        const fresh = await openText(`${editor.document.getText()} and more`);
        assert.equal(await told(fresh, 6), null);
        parts.engine.score = score;
        assert.equal(await told(fresh, 6), null, 'nobody is told of it twice');
        await mend(fresh);
        assert.match((await told(fresh, 6)) ?? '', /Probability here/);
      }
    });
  });

  test('hovers that the pointer has left leave nothing to ask', async () => {
    const line = 'word '.repeat(40_000);
    await withSettings({ hover: 'always' }, async () => {
      const editor = await openText(line);
      const finish: (() => void)[] = [];
      parts.engine.score = (params, { cancellation }) => {
        parts.engine.scored.push(params);
        return new Promise((resolve, reject) => {
          cancellation?.onCancellationRequested(() => reject(new EngineError('cancelled')));
          finish.push(() => resolve(scoresOf(params)));
        });
      };
      const left = [];
      for (let i = 0; i < 10_000; i++) {
        const source = new vscode.CancellationTokenSource();
        left.push(hoverAt(editor, (i * 7919) % line.length, source.token));
        source.cancel();
      }
      assert.deepEqual(new Set(await Promise.all(left)), new Set([null]));
      await settle(50);
      const before = parts.engine.scored.length;
      assert.ok(before <= 1, `${before} calls for nobody`);
      const last = told(editor, 100_003);
      await until(() => parts.engine.scored.length > before);
      const { start, end } = parts.engine.scored[before]!.range!;
      assert.ok(end - start <= 1100, 'the pointer first');
      finish.at(-1)!();
      assert.match((await last) ?? '', /Probability here/);
    });
  });

  test('what is on the screen goes before what is around, and the pointer before both', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line number ${i}`).join('\n');
    const editor = await openText(lines);
    const finish: (() => void)[] = [];
    parts.engine.score = (params, { cancellation }) => {
      parts.engine.scored.push(params);
      return new Promise((resolve, reject) => {
        cancellation?.onCancellationRequested(() => reject(new EngineError('cancelled')));
        finish.push(() => resolve(scoresOf(params)));
      });
    };
    const asked = () => parts.engine.scored.at(-1)!.range!;
    await withSettings({ hover: 'always' }, async () => {
      await parts.overlayCommands.toggle('surprisal');
      await until(() => finish.length === 1);
      const seen = editor.document.offsetAt(editor.visibleRanges[0]!.end);
      assert.ok(asked().end <= seen + 1, 'what is seen');
      finish[0]!();
      await until(() => finish.length === 2);
      assert.ok(asked().end > seen, 'what is around it');
      const position = new vscode.Position(2900, 3);
      const hover = parts.hover.later.provideHover(editor.document, position, never);
      await until(() => finish.length === 3);
      const { text } = parts.engine.scored.at(-1)!;
      assert.match(text.slice(asked().start, asked().end), /line number 2900/);
      finish[2]!();
      assert.ok(await hover);
    });
  });
});

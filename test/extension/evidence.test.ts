/** How far an explanation can be believed is measured while nothing else is done, and said where it is shown. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { evidenceOf } from '../fixtures/evidence.ts';
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

describe('Evidence', () => {
  const parts = useParts();
  const asked = () => parts.engine.doubted;
  /** More than it waits before it begins. */
  const wait = () => settle(1500);

  test('is asked for by itself, with the scores that are shown, and is said where they are', async () => {
    const editor = await openText(text);
    await explainSelected(parts, editor, text);
    await until(() => asked().length === 1);
    const [{ params, options, resolve }] = asked() as [(typeof parts.engine.doubted)[number]];
    const explained = parts.texts.of(editor.document)!;
    assert.deepEqual(
      params.scores,
      explained.explanation!.tokens.map(({ score }) => score),
    );
    assert.deepEqual([params.removals, params.text], [['baseline', 'mask'], explained.params.text]);
    assert.equal(options.lane, 'evidence');
    assert.doesNotMatch(parts.statusItem.tooltip, /Borne out/);
    resolve(evidenceOf(0.7, 0.6));
    await until(() => /Borne out on this text/.test(parts.statusItem.tooltip));
    const hover = parts.hover.provideHover(editor.document, new vscode.Position(0, 6))!;
    assert.match(
      (hover.contents[0] as vscode.MarkdownString).value,
      /Removing tokens bears this explanation out\\\./,
    );
    await wait();
    assert.equal(asked().length, 1, 'it is measured once');
  });

  test('hatches what occlusion gives the opposite sign, and says so', async () => {
    const editor = await openText(text);
    await explainSelected(parts, editor, text);
    await until(() => asked().length === 1);
    const hatched = () => parts.overlays.marks(editor).hatched.map((range) => editor.document.getText(range));
    assert.deepEqual(hatched(), []);
    const measured = evidenceOf(0.7, 0.6);
    // The contributions are 1, −1/2, 1/3, −1/4, 1/5, …
    measured.removals[0]!.losses = [1, 0.5, 0.3, -0.2, -0.4, 0, 0.01];
    asked()[0]!.resolve(measured);
    await until(() => hatched().length > 0);
    assert.deepEqual(hatched(), [' capital', ' is']);
    assert.match(parts.statusItem.tooltip, /Hatched \\\(2\\\)\\: occlusion .* gives the opposite sign/);
    const hover = (word: string) => {
      const position = editor.document.positionAt(text.indexOf(word) + 1);
      const { contents } = parts.hover.provideHover(editor.document, position)!;
      return (contents[0] as vscode.MarkdownString).value;
    };
    assert.match(
      hover('capital'),
      /Hatched\\: occlusion .*replaced by zero embeddings.* gives it \\\+0\\\.5/,
    );
    assert.doesNotMatch(hover('France'), /Hatched/);
    await withSettings({ granularity: 'line' }, async () => assert.deepEqual(hatched(), []));
  });

  test('makes way for whatever is asked, and begins again afterwards', async () => {
    const editor = await openText(text);
    await explainSelected(parts, editor, text);
    await until(() => asked().length === 1);
    const { options } = asked()[0]!;
    select(editor, 'France is Paris today');
    const run = parts.explainer.explainSelection();
    await until(() => options.cancellation!.isCancellationRequested);
    parts.jobs.cancel();
    await run;
    await until(() => asked().length === 2);
    assert.equal(asked()[1]!.params.range.start, 0);
  });

  test('of an answer that is no longer shown is not told of another', async () => {
    const editor = await openText(text);
    await explainSelected(parts, editor, text);
    await until(() => asked().length === 1);
    await replace(editor, 0, 3, 'Our');
    asked()[0]!.resolve(evidenceOf(0.7, 0.6));
    await settle();
    assert.doesNotMatch(parts.statusItem.tooltip, /Borne out/);
  });

  test('is not asked for where it is switched off, or for a few tokens', async () => {
    const editor = await openText(text);
    await withSettings({ evidence: false }, async () => {
      await explainSelected(parts, editor, text);
      await wait();
      assert.equal(asked().length, 0);
    });
    await explainSelected(parts, editor, 'capital of');
    await wait();
    assert.equal(asked().length, 0);
  });
});

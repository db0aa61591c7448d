/** Selecting as people do: with the line break, everything in a long file, up to a space. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { remarksOn } from '../../src/host/explain/told.ts';
import { lineBreaks } from '../../src/host/paint/lineBreaks.ts';
import { explanationOf } from './fakeEngine.ts';
import { explainSelected, openText, settle, until, useParts, withSettings } from './parts.ts';

const leftOut = /White space at the end is left out/;

describe('A selection', () => {
  const parts = useParts();

  /** Explains what is selected; the engine answers at once. @returns what is explained then */
  async function explain(editor: vscode.TextEditor, selection: vscode.Selection) {
    editor.selection = selection;
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    return parts.texts.of(editor.document)!;
  }

  const textOf = ({ document, range }: Awaited<ReturnType<typeof explain>>) => document.getText(range);

  test('of a line with its line break is about what follows the line’s last word, and says so', async () => {
    const editor = await openText('The capital of France is \nnear');
    const explained = await explain(editor, new vscode.Selection(0, 0, 1, 0));
    assert.equal(textOf(explained), 'The capital of France is');
    assert.match(remarksOn(explained).join(), leftOut);
    assert.deepEqual(
      editor.selection.active,
      new vscode.Position(0, 24),
      'the cursor is where the answer is',
    );
    await parts.explainer.explainSelection();
    assert.equal(parts.engine.explained.length, 1, 'the same question again');
  });

  test('keeps it where that is set', async () => {
    const editor = await openText('The capital of France is \nnear');
    await withSettings({ trimSelection: false }, async () => {
      const explained = await explain(editor, new vscode.Selection(0, 0, 1, 0));
      assert.equal(textOf(explained), 'The capital of France is \n');
      assert.doesNotMatch(remarksOn(explained).join(), leftOut);
    });
  });

  test('of white space alone is about what follows it', async () => {
    const editor = await openText('one  two');
    assert.equal(textOf(await explain(editor, new vscode.Selection(0, 3, 0, 5))), '  ');
  });

  test('that is empty is the line up to the cursor’s last word', async () => {
    const editor = await openText('The capital of France is ');
    const explained = await explain(editor, new vscode.Selection(0, 25, 0, 25));
    assert.equal(textOf(explained), 'The capital of France is');
    assert.match(remarksOn(explained).join(), leftOut);
    const end = editor.document.lineAt(0).range.end;
    void parts.explainer.explainLive(editor);
    await settle();
    assert.equal(parts.engine.explained.at(-1)!.params.text, 'The capital of France is');
    assert.ok(end.isEqual(editor.selection.active), 'typing goes on where it was');
  });

  test('of everything in a long file is shown at its end', async () => {
    const lines = Array.from({ length: 400 }, (_, line) => `line ${line}`);
    const editor = await openText(`${lines.join('\n')}\n`);
    editor.revealRange(new vscode.Range(0, 0, 0, 0), vscode.TextEditorRevealType.AtTop);
    const isSeen = (line: number) =>
      editor.visibleRanges.some((range) => range.start.line <= line && line <= range.end.line);
    await until(() => isSeen(0));
    await explain(editor, new vscode.Selection(0, 0, 400, 0));
    await until(() => isSeen(399));
  });
});

describe('The prediction', () => {
  const parts = useParts();
  const wordsOf = (editor: vscode.TextEditor) => parts.overlays.marks(editor).words!;

  test('stands where it is predicted, with all that is to be known of it for the pointer', async () => {
    const editor = await openText('The capital of France is near. And more');
    await explainSelected(parts, editor, 'France is');
    const { position, text, details } = wordsOf(editor);
    assert.deepEqual(position, new vscode.Position(0, 24));
    assert.match(text, /^⟶ /);
    assert.match(details.value, /^\*\*Why /);
    await withSettings({ trimSelection: false }, async () => {
      await explainSelected(parts, editor, 'France is ');
      assert.match(wordsOf(editor).text, /, after a space$/);
      assert.match(wordsOf(editor).details.value, /The text ends in a space/);
    });
  });
});

describe('A line break that is marked', () => {
  test('is drawn at the end of its line', async () => {
    const { document } = await openText('one\n\ntwo\nthree');
    const ends = (range: vscode.Range) => lineBreaks(range, document).map(({ start }) => start);
    const [first, second] = [new vscode.Position(0, 3), new vscode.Position(1, 0)];
    assert.deepEqual(ends(new vscode.Range(0, 3, 1, 0)), [first]);
    assert.deepEqual(ends(new vscode.Range(0, 3, 2, 0)), [first, second]);
    assert.deepEqual(ends(new vscode.Range(0, 0, 0, 3)), []);
    assert.deepEqual(ends(new vscode.Range(2, 0, 3, 5)), [new vscode.Position(2, 3)]);
  });
});

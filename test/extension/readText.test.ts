import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Painter, Pointed } from '../../src/host/paint/painter.ts';
import { ReadText } from '../../src/host/panel/readText.ts';
import { tokenPointed } from '../../src/host/panel/tokenPointed.ts';
import type { TokenSpan } from '../../src/protocol/results.ts';
import { words } from './fakeEngine.ts';
import { fakeState, openText, replace, select, until, useParts, withSettings } from './parts.ts';

describe('The text of a panel', () => {
  const content = 'A first one.\n\nThe capital of France\nis Paris.\n\nA last one.\n';
  const paragraph = 'The capital of France\nis Paris.';
  const parts = useParts();
  let pointed: (Pointed | null)[];
  beforeEach(() => {
    pointed = [];
  });

  function readText(state = fakeState()): ReadText {
    const painter = { point: (place: Pointed | null) => pointed.push(place) } as unknown as Painter;
    return parts.own(new ReadText(parts.settings, parts.texts, painter, { state, key: 'panel.test' }));
  }

  const stretchOf = ({ current }: ReadText) => {
    assert.ok(current);
    const { text, range } = current.snapshot;
    return text.slice(range.start, range.end);
  };

  test('is what is selected, or the paragraph at the cursor', async () => {
    const editor = await openText(content);
    const text = readText();
    assert.equal(text.current, null);
    select(editor, 'of France');
    text.look();
    assert.equal(stretchOf(text), 'of France');
    for (const [line, expected] of [
      [2, paragraph],
      [3, paragraph],
      [4, paragraph],
      [0, 'A first one.'],
      [5, 'A last one.'],
    ] as const) {
      editor.selection = new vscode.Selection(line, 0, line, 0);
      text.look();
      assert.equal(stretchOf(text), expected, `line ${line}`);
    }
    assert.equal(text.current!.params.text, content.trimEnd(), 'the context in front is read too');
  });

  test('links tokens both ways, moves with edits in front, and is stale after one inside', async () => {
    const editor = await openText(content);
    select(editor, paragraph);
    const text = readText();
    text.look();
    const tokens: TokenSpan[] = words(text.current!.params.text);
    const index = tokens.findIndex((token) => token.text.includes('France'));
    const france = tokens[index]!;
    const told: (number | null)[] = [];
    tokenPointed(text.onDidPoint, () => tokens)((token) => told.push(token));
    let changes = 0;
    text.onDidChange(() => changes++);

    text.point(france);
    assert.match(editor.document.getText(pointed.at(-1)!.range()!), /France/);
    await replace(editor, 0, 0, 'New line.\n');
    assert.match(editor.document.getText(pointed.at(-1)!.range()!), /France/);
    const at = editor.document.getText().indexOf('France') + 2;
    const position = editor.document.positionAt(at);
    editor.selection = new vscode.Selection(position, position);
    await until(() => told.at(-1) === index);
    assert.equal(changes, 0);

    await replace(editor, at, at + 1, 'x');
    assert.equal(changes, 1);
    assert.equal(text.current!.isCurrent, false);
    assert.equal(pointed.at(-1)!.range(), null, 'it stands nowhere any more');
    assert.equal(text.placeOf(france), null);
    await replace(editor, at, at + 1, 'y');
    assert.equal(changes, 1, 'said once');
    text.look();
    assert.ok(text.current!.isCurrent);
  });

  test('is read again when another model is set, and for no other setting', async () => {
    const editor = await openText(content);
    select(editor, paragraph);
    const text = readText();
    text.look();
    const [before, changes] = [text.current!, [] as string[]];
    text.onDidChange(() => changes.push(text.current!.params.modelDir));
    await withSettings({ intensity: 2 }, async () => {
      assert.equal(text.current, before);
    });
    await withSettings({ 'model.path': '/another' }, async () => {
      assert.notEqual(text.current, before);
      assert.equal(stretchOf(text), paragraph);
      assert.deepEqual(changes, ['/another']);
    });
    assert.equal(text.current!.params.modelDir, before.params.modelDir);
  });

  test('is found after a reload if it is unchanged in its place, and only then', async () => {
    const editor = await openText(content);
    select(editor, paragraph);
    const state = fakeState();
    readText(state).look();
    const again = readText(state);
    await again.restore();
    assert.equal(stretchOf(again), paragraph);
    await replace(editor, content.indexOf('Paris'), content.indexOf('Paris') + 5, 'Seine');
    const changed = readText(state);
    await changed.restore();
    assert.equal(changed.current, null);
    await state.update('panel.test', { uri: 7 });
    await readText(state).restore();
  });
});

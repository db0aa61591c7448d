import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Mark } from '../../src/host/overlay/overlay.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { rowsOf, scoresOf } from './fakeEngine.ts';
import { explainSelected, openText, replace, settle, until, useParts, withSettings } from './parts.ts';

const text = 'The capital of France is Paris today';

describe('Overlays', () => {
  const parts = useParts();

  const marked = (editor: vscode.TextEditor) =>
    parts.overlays
      .marks(editor)
      .tokens.map(({ range, scale, level }: Mark) => [editor.document.getText(range), scale, level]);

  async function explain(editor: vscode.TextEditor, selected: string) {
    await explainSelected(parts, editor, selected);
  }

  test('are off until somebody asks', async () => {
    const editor = await openText(text);
    await settle();
    assert.equal(parts.overlays.of(editor.document), null);
    assert.deepEqual(marked(editor), []);
    assert.deepEqual([parts.engine.scored.length, parts.engine.attended.length], [0, 0]);
  });

  test('are one at a time, and the same command takes one away', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    assert.equal(parts.overlays.of(editor.document), 'attribution');
    await parts.overlayCommands.toggle('surprisal');
    assert.equal(parts.overlays.of(editor.document), 'surprisal');
    await parts.overlayCommands.toggle('attribution');
    assert.deepEqual(marked(editor)[0], ['France', 'for', 7]);
    await parts.overlayCommands.toggle('attribution');
    assert.equal(parts.overlays.of(editor.document), null);
    assert.ok(parts.texts.of(editor.document), 'the explanation is kept');
  });

  test('attribution: sign, strength and the target', async () => {
    const editor = await openText(text);
    await explain(editor, 'France is');
    assert.deepEqual(marked(editor), [
      ['France', 'for', 7],
      [' is', 'against', 4],
    ]);
    const { words, place, target } = parts.overlays.marks(editor);
    assert.equal(words?.text, '⟶ " Paris" (41%), not " the" (12%)');
    assert.deepEqual(words?.position, new vscode.Position(0, text.indexOf('France is') + 9));
    assert.equal(editor.document.getText(place!), ' ');
    assert.equal(target, null);
  });

  test('attribution: granularity keeps the sums', async () => {
    const editor = await openText('one two\nthree four');
    await explain(editor, 'one two\nthree four');
    await withSettings({ granularity: 'line' }, async () => {
      assert.deepEqual(
        marked(editor).map(([line]) => line),
        ['one two', '\nthree four'],
      );
    });
    await withSettings({ granularity: 'word' }, async () => assert.equal(marked(editor).length, 4));
  });

  test('attribution: syntax nodes are those of the language', async () => {
    const provider = vscode.languages.registerSelectionRangeProvider('plaintext', {
      provideSelectionRanges: (document, positions) =>
        positions.map((position) => {
          const line = document.lineAt(position.line).range;
          const half = new vscode.Range(line.start, line.start.translate(0, 7));
          const whole = new vscode.SelectionRange(line);
          return half.contains(position) ? new vscode.SelectionRange(half, whole) : whole;
        }),
    });
    try {
      const editor = await openText('one two three four');
      await withSettings({ granularity: 'syntax' }, async () => {
        await explain(editor, 'one two three four');
        assert.equal(marked(editor).length, 4, 'words until the nodes have come');
        await until(() => marked(editor).length === 2);
        assert.deepEqual(
          marked(editor).map(([node]) => node),
          ['one two', ' three four'],
        );
      });
    } finally {
      provider.dispose();
    }
  });

  test('surprisal: rank bands, or the bits', async () => {
    const editor = await openText('one two three');
    parts.engine.score = async (params) => {
      const scores = scoresOf(params);
      const ranks = [1, 40, 5000];
      const tokens = scores.tokens.map((token, i) => ({
        ...token,
        rank: ranks[i]!,
        logProb: -7 * i * Math.LN2,
      }));
      return { ...scores, tokens };
    };
    await parts.overlayCommands.toggle('surprisal');
    await until(() => marked(editor).length > 0);
    assert.deepEqual(marked(editor), [
      [' two', 'surprisal', 3],
      [' three', 'surprisal', 7],
    ]);
    await withSettings({ 'surprisal.scale': 'bits', intensity: 0.5 }, async () => {
      assert.deepEqual(marked(editor), [
        [' two', 'surprisal', 2],
        [' three', 'surprisal', 4],
      ]);
    });
    assert.equal(parts.overlays.headline(editor.document), 'Surprisal: 7.0 bits a token, 3 tokens');
  });

  test('surprisal: words are corrected for where they end, which is said', async () => {
    const editor = await openText('one two three');
    const legend = () => parts.overlays.legend(editor.document).replaceAll('\\', '');
    await parts.overlayCommands.toggle('surprisal');
    await withSettings({ 'surprisal.scale': 'bits', intensity: 2 }, async () => {
      await until(() => marked(editor).length === 3);
      assert.deepEqual(
        marked(editor).map(([, , level]) => level),
        [2, 2, 2],
      );
      assert.doesNotMatch(legend(), /corrected/);
      await withSettings({ granularity: 'word' }, async () => {
        // 2 bits each, less the end of the word before, which takes 1 bit, and with its own: 1, 1 and 2 bits.
        assert.deepEqual(marked(editor), [
          ['one', 'surprisal', 3],
          [' two', 'surprisal', 2],
          [' three', 'surprisal', 3],
        ]);
        assert.match(legend(), /corrected for where words end/);
      });
    });
  });

  test('surprisal: says so as long as not all of the text is counted', async () => {
    const editor = await openText('one two three');
    const headline = () => parts.overlays.headline(editor.document);
    const finish: (() => void)[] = [];
    parts.engine.score = async (params, { onProgress }) => {
      const scores = scoresOf(params);
      onProgress?.({ stage: 'reading', done: 2, total: 3, partial: scores.tokens.slice(0, 2) });
      await new Promise<void>((resolve) => finish.push(resolve));
      return scores;
    };
    await parts.overlayCommands.toggle('surprisal');
    await until(() => headline() !== 'Surprisal');
    assert.equal(headline(), 'Surprisal: 2.0 bits a token, 2 tokens so far');
    for (const end of finish.splice(0)) end();
    await until(() => headline() === 'Surprisal: 2.0 bits a token, 3 tokens');
    await replace(editor, 8, 13, 'four');
    assert.equal(headline(), 'Surprisal: 2.0 bits a token, 2 tokens so far');
  });

  test('surprisal: after an edit only the tokens behind it are read again, and stay on their own text meanwhile', async () => {
    const editor = await openText('alpha beta gamma delta');
    await parts.overlayCommands.toggle('surprisal');
    await until(() => marked(editor).length === 4);
    const before = parts.engine.scored.length;
    await replace(editor, 11, 16, 'GAMMA RAY');
    assert.deepEqual(
      marked(editor).map(([word]) => word),
      ['alpha', ' beta', ' delta'],
    );
    await until(() => marked(editor).length === 5);
    const [request] = parts.engine.scored.slice(before);
    assert.deepEqual(request!.range, { start: 10, end: 26 });
  });

  test('surprisal: scores that were dropped while another editor was in front are read when they are visible again', async () => {
    const { document } = await openText('one two three');
    await parts.overlayCommands.toggle('surprisal');
    const known = () => parts.overlays.headline(document);
    await until(() => known() === 'Surprisal: 2.0 bits a token, 3 tokens');
    await openText('another');
    await until(() => vscode.window.visibleTextEditors.every((editor) => editor.document !== document));
    await withSettings({ bos: true }, async () => {
      await until(() => known() === 'Surprisal');
      await settle(500);
      assert.equal(known(), 'Surprisal', 'nothing is read that nobody sees');
      await vscode.window.showTextDocument(document);
      await until(() => known() === 'Surprisal: 2.0 bits a token, 3 tokens');
    });
  });

  test('attention: follows the cursor, rings the query, colours what it attends to', async () => {
    const editor = await openText(text);
    editor.selection = new vscode.Selection(0, 21, 0, 21);
    await parts.overlayCommands.toggle('attention');
    await until(() => marked(editor).length > 0);
    const query = () =>
      editor.document.getText(parts.overlays.marks(editor).query ?? new vscode.Range(0, 0, 0, 0));
    assert.equal(query(), ' France');
    assert.deepEqual(marked(editor), [
      ['The', 'attention', 2],
      [' capital', 'attention', 4],
      [' of', 'attention', 7],
    ]);
    const { picture } = parts.overlays.marks(editor);
    assert.deepEqual(
      picture?.keys.map(({ range, weight }) => [editor.document.getText(range), weight]),
      [
        ['The', 0.125],
        [' capital', 0.25],
        [' of', 0.5],
      ],
    );
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    await until(() => query() === ' capital');
    await withSettings({ pictures: false }, async () =>
      assert.equal(parts.overlays.marks(editor).picture, null),
    );
    await parts.overlayCommands.toggle('attention');
    const asked = parts.engine.attended.length;
    editor.selection = new vscode.Selection(0, 2, 0, 2);
    await settle(100);
    assert.equal(parts.engine.attended.length, asked, 'nothing is computed while it is off');
  });

  test('attention: a request for one document is not ended by one for another', async () => {
    const first = await openText(text);
    // Behind the first token: there is something to attend to.
    first.selection = new vscode.Selection(0, 21, 0, 21);
    const opened = await openText('Why not Rome today');
    const second = await vscode.window.showTextDocument(opened.document, vscode.ViewColumn.Beside);
    await vscode.window.showTextDocument(first.document, vscode.ViewColumn.One);
    await settle(200);
    const asked: { text: string; answer: () => void }[] = [];
    parts.engine.attend = (params, { cancellation }) =>
      new Promise((resolve, reject) => {
        cancellation?.onCancellationRequested(() => reject(new EngineError('cancelled')));
        asked.push({ text: params.text, answer: () => resolve(rowsOf(params)) });
      });
    const isAsked = (start: string) => asked.some(({ text: read }) => read.startsWith(start));
    parts.overlays.show(first.document, 'attention');
    await until(() => isAsked('The'));
    parts.overlays.show(second.document, 'attention');
    await until(() => isAsked('Why'));
    parts.overlays.show(second.document, null);
    for (const { answer } of asked) answer();
    await until(() => marked(first).length > 0);
    assert.deepEqual(marked(second), []);
  });

  test('attention: asks for the head that the settings name', async () => {
    await openText(text);
    await withSettings({ 'attention.view': 'head', 'attention.layer': 1, 'attention.head': 1 }, async () => {
      await parts.overlayCommands.toggle('attention');
      await until(() => parts.engine.attended.length > 0);
      assert.deepEqual(parts.engine.attended[0]!.view, { kind: 'head', layer: 1, head: 1 });
    });
  });

  test('Escape’s command takes away whatever is shown', async () => {
    const editor = await openText(text);
    for (const id of ['surprisal', 'attention'] as const) {
      await parts.overlayCommands.toggle(id);
      parts.overlayCommands.clear();
      assert.equal(parts.overlays.of(editor.document), null);
      assert.deepEqual(marked(editor), []);
    }
  });

  test('are shown on every editor of a document, and only of that one', async () => {
    const editor = await openText(text);
    const other = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.Two);
    await parts.overlayCommands.toggle('surprisal');
    await until(() => marked(other).length > 0);
    assert.deepEqual(marked(other), marked(editor));
    const third = await openText('something else');
    assert.deepEqual(marked(third), []);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { continueFromLink } from '../../src/host/generate/continueLink.ts';
import { generationOf } from './fakeEngine.ts';
import { openText, replace, useParts } from './parts.ts';
import { until } from './suggestions.ts';

describe('Continue from an alternative', () => {
  const parts = useParts();

  /** Follows the link of a token, whose alternative is " cat"; the request is answered by the test. */
  async function begin(document: vscode.TextDocument, token: string) {
    const start = document.getText().indexOf(token);
    const run = parts.generator.continueFrom(document, start, start + token.length, { id: 77, text: ' cat' });
    await until(() => parts.engine.generated.length > 0);
    const request = parts.engine.generated.at(-1)!;
    const finish = async (text: string) => {
      request.resolve(generationOf(text));
      await run;
    };
    return { run, request, finish };
  }

  const follow = (link: unknown) => continueFromLink(link, parts.generator, parts.problems);
  const linkTo = ({ uri, version }: vscode.TextDocument, change: object = {}) => ({
    ...{ uri: uri.toString(), version, offset: 3, end: 7, alternative: { id: 77, text: ' cat' } },
    ...change,
  });

  test('replaces the token and the rest of its line, as one undo step', async () => {
    const text = 'first\nThe dog sat there.\nlast';
    const { document } = await openText(text);
    const { request, finish } = await begin(document, ' dog');
    const { params } = request;
    assert.deepEqual([params.text, params.first, params.sequences], ['first\nThe', 77, 1]);
    assert.equal(document.getText(), text);
    await finish(' cat ran away');
    assert.equal(document.getText(), 'first\nThe cat ran away\nlast');
    assert.match(parts.notes.at(-1)!, /Continued from " cat" with seed \d+/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  test('replaces a line break only if that is the token', async () => {
    const { document } = await openText('one\ntwo\nthree');
    const { finish } = await begin(document, '\n');
    await finish(' and a half');
    assert.equal(document.getText(), 'one and a halftwo\nthree');
  });

  test('replaces the rest of the generated text, over lines, and no more', async () => {
    const { document } = await openText('The dog sat\non the mat. Mine.');
    const generated = generationOf(' dog sat\non the mat.').sequences[0]!;
    let end = 3;
    const placed = generated.tokens.map((token) => {
      const start = end;
      end += token.text.length;
      return { start, end, tokens: [token] };
    });
    parts.generated.insert(document, 3, generated.text, placed);
    const first = await begin(document, ' sat');
    await first.finish(' ran\naway');
    assert.equal(document.getText(), 'The dog ran\naway Mine.');
    const texts = [4, 8, 12].map((offset) => parts.generated.tokensAt(document, offset)?.tokens[0]?.text);
    assert.deepEqual(texts, [' dog', ' ran', '\naway']);
    assert.equal(parts.generated.tokensAt(document, 17), null);
    // What was put in belongs to the same text: it depends on what stands in front of it.
    parts.engine.generated.length = 0;
    const second = await begin(document, ' dog');
    await second.finish(' cat');
    assert.equal(document.getText(), 'The cat Mine.');
  });

  test('leaves everything as it was when it is cancelled', async () => {
    const { document } = await openText('The dog sat there.');
    const { run } = await begin(document, ' dog');
    parts.jobs.cancel();
    await run;
    assert.equal(document.getText(), 'The dog sat there.');
    assert.deepEqual(parts.notes, []);
  });

  test('changes nothing, and says so, when the text is changed meanwhile', async () => {
    const editor = await openText('The dog sat there.');
    const { run, request } = await begin(editor.document, ' dog');
    await replace(editor, 0, 0, '# ');
    assert.equal(request.options.cancellation?.isCancellationRequested, true);
    await run;
    assert.equal(editor.document.getText(), '# The dog sat there.');
    assert.deepEqual(parts.notes, ['Generating stopped, because the text was changed meanwhile.']);
  });

  test('changes nothing, and says so, when nothing is generated', async () => {
    const { document } = await openText('The dog sat there.');
    const { finish } = await begin(document, ' dog');
    await finish('');
    assert.equal(document.getText(), 'The dog sat there.');
    assert.match(parts.notes[0]!, /^Nothing was generated/);
  });

  test('writes into a document that no editor shows', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'The dog sat.' });
    await openText('another text');
    const { finish } = await begin(document, ' dog');
    await finish(' cat');
    assert.equal(document.getText(), 'The cat');
  });

  describe('by a link', () => {
    test('with the version that the document still has', async () => {
      const { document } = await openText('The dog sat.');
      const run = follow(linkTo(document));
      await until(() => parts.engine.generated.length > 0);
      assert.equal(parts.engine.generated[0]!.params.first, 77);
      parts.engine.generated[0]!.resolve(generationOf(' cat ran'));
      await run;
      assert.equal(document.getText(), 'The cat ran');
    });

    test('is refused if it is older than the text, or if the text is not open', async () => {
      const editor = await openText('The dog sat.');
      const { version } = editor.document;
      await replace(editor, 0, 3, 'One');
      await follow(linkTo(editor.document, { version }));
      await follow(linkTo(editor.document, { uri: 'file:///nowhere.txt' }));
      await follow(linkTo(editor.document, { end: 700 }));
      await follow(linkTo(editor.document, { offset: 7, end: 3 }));
      const sentence = 'The text has changed since, so it was not continued from " cat".';
      assert.deepEqual(parts.notes, [sentence, sentence, sentence, sentence]);
      assert.equal(parts.engine.generated.length, 0);
    });

    test('with another argument does nothing', async () => {
      const { document } = await openText('The dog sat.');
      for (const field of Object.keys(linkTo(document))) {
        for (const wrong of [null, {}, -1, 1.5, [], undefined])
          await follow(linkTo(document, { [field]: wrong }));
      }
      for (const wrong of [undefined, null, [], [linkTo(document)]]) await follow(wrong);
      assert.deepEqual([parts.notes, parts.engine.generated], [[], []]);
    });
  });
});

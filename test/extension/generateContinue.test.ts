import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { continueFromLink } from '../../src/host/generate/continueLink.ts';
import { decideProposal } from '../../src/host/proposal.ts';
import { generationOf } from './fakeEngine.ts';
import { openText, replace, useParts } from './parts.ts';
import { accept, Suggestions, until } from './suggestions.ts';

const alternative = { id: 77, text: ' cat' };
const linkTo = ({ uri, version }: vscode.TextDocument, change: object = {}) => ({
  ...{ uri: uri.toString(), version, offset: 3, end: 7, alternative },
  ...change,
});

describe('Continue from an alternative', () => {
  const parts = useParts();
  let suggestions: Suggestions;
  beforeEach(() => {
    suggestions = parts.own(new Suggestions());
  });

  /** Follows the link of a token; the request is answered by the test. */
  async function begin(document: vscode.TextDocument, token: string) {
    const start = document.getText().indexOf(token);
    const run = parts.generator.continueFrom(document, start, alternative);
    await until(() => parts.engine.generated.length > 0);
    const request = parts.engine.generated.at(-1)!;
    const finish = async (...texts: string[]) => {
      request.resolve(generationOf(...texts));
      await run;
    };
    return { run, request, finish };
  }

  test('offers what begins with it where the token stands, and deletes nothing', async () => {
    const text = 'first\nThe dog sat there.\nlast';
    const { document } = await openText(text);
    const { request, finish } = await begin(document, ' dog');
    const { params } = request;
    assert.deepEqual([params.text, params.first, params.sequences], ['first\nThe', 77, 5]);
    await finish(' cat ran away', ' cat slept');
    await suggestions.are(' cat ran away', ' cat slept');
    assert.equal(document.getText(), text);
    assert.match(parts.notes.at(-1)!, /^Generated from " cat" with seed \d+\. 2 candidates: Tab /);
    assert.equal(await accept('commit'), 'first\nThe cat ran away dog sat there.\nlast');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  test('also over several lines, and at the end of a line', async () => {
    const { document } = await openText('The dog\nlast');
    const { finish } = await begin(document, '\nlast');
    await finish(' cat\nran away');
    assert.equal(await accept('commit'), 'The dog cat\nran away\nlast');
  });

  test('shows the text first where no editor does', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'The dog sat.' });
    await openText('another text');
    const { finish } = await begin(document, ' dog');
    assert.equal(vscode.window.activeTextEditor!.document, document);
    await finish(' cat');
    assert.equal(await accept('commit'), 'The cat dog sat.');
  });

  test('leaves everything as it was when it is cancelled', async () => {
    const { document } = await openText('The dog sat there.');
    const { run } = await begin(document, ' dog');
    parts.jobs.cancel();
    await run;
    assert.equal(document.getText(), 'The dog sat there.');
    assert.deepEqual(parts.notes, []);
  });

  test('by a link with the version that the document still has', async () => {
    const { document } = await openText('The dog sat.');
    const run = continueFromLink('whytoken.continueFrom', linkTo(document), parts.generator, parts.problems);
    await until(() => parts.engine.generated.length > 0);
    assert.equal(parts.engine.generated[0]!.params.first, 77);
    parts.engine.generated[0]!.resolve(generationOf(' cat ran'));
    await run;
    assert.equal(document.getText(), 'The dog sat.');
    assert.equal(await accept('commit'), 'The cat ran dog sat.');
  });
});

describe('Replace from an alternative', () => {
  const parts = useParts();
  const { showInformationMessage } = vscode.window;
  /** What was asked, and the answers to it. */
  let asked: string[] = [];
  let answer: (chosen: string | undefined) => void = () => {};
  beforeEach(() => {
    asked = [];
    Object.assign(vscode.window, {
      showInformationMessage: (question: string) => {
        asked.push(question);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
  });
  afterEach(() => Object.assign(vscode.window, { showInformationMessage }));

  /** Follows the link of a token; the request is answered by the test. */
  async function begin(document: vscode.TextDocument, token: string) {
    const start = document.getText().indexOf(token);
    const run = parts.generator.replaceFrom(document, start, start + token.length, alternative);
    await until(() => parts.engine.generated.length > 0);
    const request = parts.engine.generated.at(-1)!;
    /** Waits until a person is asked. */
    const generated = async (text: string) => {
      const before = asked.length;
      request.resolve(generationOf(text));
      await until(() => asked.length > before);
    };
    const finish = async (text: string) => {
      await generated(text);
      answer('Replace');
      await run;
    };
    return { run, request, generated, finish };
  }

  /** The text on the right side of the comparison that is open. */
  function compared(document: vscode.TextDocument): string | null {
    const input = diff()?.input;
    if (!(input instanceof vscode.TabInputTextDiff)) return null;
    assert.equal(input.original.toString(), document.uri.toString());
    const proposed = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.toString() === input.modified.toString(),
    );
    return proposed?.getText() ?? null;
  }
  const diff = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputTextDiff);

  // The question goes out of sight after a while.
  for (const [name, decide, outcome] of [
    ['replaces', () => decideProposal(true, undefined), 'The cat'],
    [
      'keeps the text',
      () => decideProposal(false, (diff()!.input as vscode.TabInputTextDiff).modified),
      'The dog sat there.',
    ],
    ['closed, keeps the text', () => vscode.window.tabGroups.close(diff()!), 'The dog sat there.'],
  ] as const) {
    test(`the comparison can be decided itself: ${name}`, async () => {
      const { document } = await openText('The dog sat there.');
      const { run, generated } = await begin(document, ' dog');
      await generated(' cat');
      await until(() => vscode.window.tabGroups.activeTabGroup.activeTab === diff());
      await decide();
      await run;
      assert.equal(document.getText(), outcome);
      assert.equal(diff(), undefined);
    });
  }

  test('shows the difference first, and does nothing before a person wants it', async () => {
    const text = 'first\nThe dog sat there.\nlast';
    const { document } = await openText(text);
    const { run, request, generated } = await begin(document, ' dog');
    const { params } = request;
    assert.deepEqual([params.text, params.first, params.sequences], ['first\nThe', 77, 1]);
    await generated(' cat ran away');
    assert.equal(document.getText(), text);
    assert.equal(compared(document), 'first\nThe cat ran away\nlast');
    assert.match(asked[0]!, /^Replace " dog sat there\." by " cat ran away"\?/);
    assert.deepEqual(parts.jobs.running, [], 'nothing is under way while somebody reads');
    answer('Replace');
    await run;
    assert.equal(document.getText(), 'first\nThe cat ran away\nlast');
    assert.equal(diff(), undefined);
    assert.match(parts.notes.at(-1)!, /Replaced, from " cat" on, with seed \d+/);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  for (const [how, chosen] of [
    ['another answer', 'Keep the Text'],
    ['none', undefined],
  ] as const) {
    test(`keeps the text after ${how}`, async () => {
      const { document } = await openText('The dog sat.');
      const { run, generated } = await begin(document, ' dog');
      await generated(' cat');
      answer(chosen);
      await run;
      assert.equal(document.getText(), 'The dog sat.');
      assert.equal(diff(), undefined);
    });
  }

  test('asks no longer when the text is changed before the answer', async () => {
    const editor = await openText('The dog sat.');
    const { run, generated } = await begin(editor.document, ' dog');
    await generated(' cat');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, new vscode.Position(0, 0), '# ');
    await vscode.workspace.applyEdit(edit);
    await run;
    assert.equal(editor.document.getText(), '# The dog sat.');
    assert.equal(diff(), undefined);
    assert.deepEqual(parts.notes, ['Nothing was replaced, because the text was changed meanwhile.']);
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
    const { run, request } = await begin(document, ' dog');
    request.resolve(generationOf(''));
    await run;
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
    const follow = (link: unknown) =>
      continueFromLink('whytoken.replaceFrom', link, parts.generator, parts.problems);

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

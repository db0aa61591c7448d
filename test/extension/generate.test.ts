import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { GhostText } from '../../src/host/generate/ghostText.ts';
import { generationOf, piece } from './fakeEngine.ts';
import { closeAll, openText, replace, useParts } from './parts.ts';
import { accept, isNothingShown, Suggestions, showNext, until } from './suggestions.ts';

describe('Generate', () => {
  const parts = useParts();
  let suggestions: Suggestions;
  beforeEach(() => {
    suggestions = parts.own(new Suggestions());
  });
  afterEach(() => configure({}));

  /** Puts the cursor at the end of a new text and asks; the request is answered by the test. */
  async function begin(text: string, editor?: vscode.TextEditor) {
    const opened = editor ?? (await openAtEnd(text));
    const run = parts.generator.generate();
    await until(() => parts.engine.generated.length > 0);
    const request = parts.engine.generated.at(-1)!;
    const stream = (token: string, sequence = 0) =>
      request.options.onProgress?.({
        stage: 'generating',
        done: 1,
        total: 8,
        partial: piece(token, sequence),
      });
    const finish = async (...texts: string[]) => {
      request.resolve(generationOf(...texts));
      await run;
    };
    const isCancelled = () => request.options.cancellation?.isCancellationRequested === true;
    return { editor: opened, document: opened.document, request, run, stream, finish, isCancelled };
  }

  /** The tokens that the hover would find, in the order of the text. */
  function generatedTokens(document: vscode.TextDocument): string[] {
    const found: string[] = [];
    for (let offset = 0; offset < document.getText().length; ) {
      const token = parts.generated.tokensAt(document, offset);
      if (token) found.push(document.getText().slice(token.start, token.end));
      offset = token?.end ?? offset + 1;
    }
    return found;
  }

  describe('asks', () => {
    test('for as many candidates as are set, with every setting of generating', async () => {
      const generation = {
        candidates: 3,
        repetitionPenalty: 1.3,
        stop: ['\n\n', '</s>'],
        seed: 11,
        maxTokens: 9,
      };
      await configure(generation);
      const { request, finish } = await begin('Once upon');
      const { params } = request;
      assert.equal(params.text, 'Once upon');
      const { sequences, repetitionPenalty, stop, seed, maxTokens, first, temperature } = params;
      assert.deepEqual(
        { candidates: sequences, repetitionPenalty, stop, seed, maxTokens, first, temperature },
        { ...generation, first: null, temperature: 0.8 },
      );
      await finish(' a');
    });

    test('for one candidate when all would be the same', async () => {
      await configure({ temperature: 0 });
      const { request, finish } = await begin('Once upon');
      assert.equal(request.params.sequences, 1);
      await finish(' a');
    });

    test('with the defaults where settings are wrong', async () => {
      await configure({ candidates: 99, stop: [''], repetitionPenalty: 0 });
      const { request, finish } = await begin('Once upon');
      const { sequences, stop, repetitionPenalty } = request.params;
      assert.deepEqual(
        { sequences, stop, repetitionPenalty },
        { sequences: 5, stop: [], repetitionPenalty: 1 },
      );
      await finish(' a');
    });
  });

  describe('offers candidates', () => {
    test('at the cursor; the first one is inserted whole, and one undo takes it back', async () => {
      const { document, finish } = await begin('Once upon');
      await finish(' a time', ' midnight');
      assert.equal(document.getText(), 'Once upon');
      await suggestions.are(' a time', ' midnight');
      assert.equal(await accept('commit'), 'Once upon a time');
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), 'Once upon');
      await vscode.commands.executeCommand('redo');
      assert.equal(document.getText(), 'Once upon a time');
    });

    test('and keeps what is typed afterwards out of their undo step', async () => {
      const { document, finish } = await begin('Once');
      await finish(' upon');
      await accept('commit');
      await vscode.commands.executeCommand('type', { text: '!' });
      assert.equal(document.getText(), 'Once upon!');
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), 'Once upon');
    });

    test('says how many there are, which keys take them, and the seed', async () => {
      await configure({ seed: 11 });
      const { finish } = await begin('Once');
      await finish(' a', ' b', ' c');
      assert.match(parts.notes.at(-1)!, /^Generated with seed 11\. 3 candidates: Tab .*Ctrl\+→ .*Alt\+\]/);
    });

    test('each once, and none that is empty', async () => {
      const { finish } = await begin('Once');
      await finish(' a', '', ' a', ' b', ' b');
      await suggestions.are(' a', ' b');
      assert.match(parts.notes.at(-1)!, / 2 candidates/);
      await showNext();
      assert.equal(await accept('commit'), 'Once b');
    });

    test('and says so when all of them are empty', async () => {
      await configure({ seed: 11 });
      const { finish } = await begin('Once');
      await finish('', '');
      assert.deepEqual(parts.notes, [
        'Nothing was generated: every candidate ended immediately. The seed was 11.',
      ]);
      assert.equal(suggestions.providers, 0);
      assert.equal(parts.generator.isBusy, false);
    });

    test('behind a selection, which stays, and before the rest of the line', async () => {
      const editor = await openText('Once upon a time');
      await selectNow(editor, new vscode.Selection(0, 5, 0, 9));
      const { request, finish } = await begin('', editor);
      assert.equal(request.params.text, 'Once upon');
      await finish(' midnight');
      assert.equal(await accept('commit'), 'Once upon midnight a time');
    });

    test('with the document’s own ends of line', async () => {
      const editor = await openAtEnd('a');
      await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
      const { document, finish } = await begin('', editor);
      await finish('\nb\nc');
      assert.equal(await accept('commit'), 'a\r\nb\r\nc');
      assert.deepEqual(generatedTokens(document), ['\r\nb', '\r\nc']);
    });

    test('that are whole lines, at the start of a line', async () => {
      const { document, finish, stream } = await begin('one\n');
      for (const token of ['two', '\n']) stream(token);
      await suggestions.are('two');
      await finish('two\nthree\n', 'two\nthree', 'four\n');
      await suggestions.are('two\nthree', 'four');
      assert.equal(await accept('commit'), 'one\ntwo\nthree');
      assert.deepEqual(generatedTokens(document), ['two', '\nthree']);
    });

    test('and the last of them come while others are being shown', async () => {
      const { stream, finish } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      stream(' a');
      // VS Code has been told, and has not shown it yet.
      await suggestions.are(' upon a');
      await finish(' upon a time', ' more');
      await suggestions.are(' upon a time', ' more');
      assert.equal(await accept('commit'), 'Once upon a time');
    });

    test('where VS Code’s own suggestions while typing are switched off', async () => {
      const configuration = vscode.workspace.getConfiguration('editor.inlineSuggest');
      await configuration.update('enabled', false, vscode.ConfigurationTarget.Global);
      try {
        const { stream, finish } = await begin('Once');
        stream(' upon');
        await suggestions.are(' upon');
        await finish(' upon a time');
        await suggestions.are(' upon a time');
        assert.equal(await accept('commit'), 'Once upon a time');
      } finally {
        await configuration.update('enabled', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    test('in a cell of a notebook', async () => {
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'Once upon', 'plaintext');
      const notebook = await vscode.workspace.openNotebookDocument(
        'jupyter-notebook',
        new vscode.NotebookData([cell]),
      );
      await vscode.window.showNotebookDocument(notebook);
      await vscode.commands.executeCommand('notebook.cell.edit');
      await until(() => vscode.window.activeTextEditor?.document.getText() === 'Once upon');
      const editor = vscode.window.activeTextEditor!;
      await selectNow(editor, new vscode.Selection(0, 9, 0, 9));
      const { document, finish } = await begin('', editor);
      await finish(' a time');
      assert.equal(await accept('commit'), 'Once upon a time');
      assert.deepEqual(generatedTokens(document), [' a', ' time']);
    });

    test('at the first cursor only, and says so', async () => {
      const editor = await openText('one\none');
      await selectNow(editor, new vscode.Selection(1, 3, 1, 3), new vscode.Selection(0, 3, 0, 3));
      const { finish } = await begin('', editor);
      await finish(' two');
      assert.match(parts.notes.at(-1)!, /There are 2 cursors/);
      assert.equal(await accept('commit'), 'one\none two');
    });
  });

  describe('while candidates come', () => {
    test('they grow where they are shown', async () => {
      const { stream, finish, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      for (const token of [' a', ' ti', '', 'me']) stream(token);
      await suggestions.are(' upon a time');
      await finish(' upon a time.');
      await suggestions.are(' upon a time.');
      assert.equal(document.getText(), 'Once');
      assert.equal(await accept('commit'), 'Once upon a time.');
    });

    test('they grow in an older VS Code too, which takes no options with the trigger', async () => {
      const { executeCommand } = vscode.commands;
      const run: string[] = [];
      vscode.commands.executeCommand = ((id: string, ...args: unknown[]) => {
        run.push(id);
        return executeCommand(id, ...(id === 'editor.action.inlineSuggest.trigger' ? [] : args));
      }) as typeof executeCommand;
      try {
        const { stream, finish, isCancelled } = await begin('Once');
        for (const [sequence, token] of [' a', ' b'].entries()) stream(token, sequence);
        await suggestions.are(' a', ' b');
        await showNext();
        for (const text of ['x', 'y', 'z']) {
          stream(text, 1);
          await until(() => suggestions.last?.[0]?.endsWith(text) === true);
        }
        await finish(' a', ' bxyz.');
        await suggestions.are(' bxyz.', ' a');
        assert.ok(run.includes('runCommands'));
        assert.equal(isCancelled(), false);
        assert.equal(await accept('commit'), 'Once bxyz.');
      } finally {
        vscode.commands.executeCommand = executeCommand;
      }
    });

    test('they are shown anew at most every 400 ms', async () => {
      const { stream, finish } = await begin('Once');
      const begun = performance.now();
      for (let i = 0; i < 60; i++) {
        stream(' and');
        await sleep(20);
      }
      await finish(' and on');
      const took = performance.now() - begun;
      // VS Code asks up to twice in a refresh, one right after the other.
      const refreshes = suggestions.times.filter(
        (time, i, all) => i === 0 || time - all[i - 1]! > 200,
      ).length;
      const most = took / 400 + 2;
      assert.ok(refreshes >= 3 && refreshes <= most, `${refreshes} in ${took} ms`);
    });

    test('the one that was chosen stays chosen', async () => {
      const { stream, finish } = await begin('Once');
      for (const [sequence, token] of [' a', ' b', ' c'].entries()) stream(token, sequence);
      await suggestions.are(' a', ' b', ' c');
      await showNext();
      stream('x', 1);
      await suggestions.are(' bx', ' c', ' a');
      await showNext();
      await vscode.commands.executeCommand('editor.action.inlineSuggest.showPrevious');
      await sleep(200);
      await showNext();
      for (const sequence of [0, 1, 2]) stream('y', sequence);
      await suggestions.are(' cy', ' ay', ' bxy');
      await finish(' ay.', ' bxy.', ' cy.', ' d.');
      await suggestions.are(' cy.', ' d.', ' ay.', ' bxy.');
      assert.equal(await accept('commit'), 'Once cy.');
    });

    test('the one that was chosen stays chosen when it equals another', async () => {
      const { stream, finish } = await begin('Once');
      for (const [sequence, token] of [' a', ' b'].entries()) stream(token, sequence);
      await suggestions.are(' a', ' b');
      await showNext();
      await finish(' b.', ' b.', ' c');
      await suggestions.are(' b.', ' c');
      assert.equal(await accept('commit'), 'Once b.');
    });

    test('taking all of one ends the generation, and tells the seed', async () => {
      await configure({ seed: 11 });
      const { stream, isCancelled, run } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      assert.equal(await accept('commit'), 'Once upon');
      assert.equal(isCancelled(), true);
      await run;
      assert.deepEqual(parts.notes, ['Generated with seed 11.']);
      assert.equal(suggestions.providers, 0);
    });

    test('a part can be taken, and the rest goes on growing', async () => {
      const { stream, finish, document } = await begin('Once');
      for (const token of [' upon', ' a', ' time']) stream(token);
      await suggestions.are(' upon a time');
      await acceptWords('Once upon');
      stream(',');
      await suggestions.are(' a time,');
      await finish(' upon a time, there');
      await suggestions.are(' a time, there');
      assert.equal(await accept('commit'), 'Once upon a time, there');
      assert.deepEqual(generatedTokens(document), [' upon', ' a', ' time,', ' there']);
    });

    test('Escape, which hides them, cancels quietly and nothing comes back', async () => {
      const { stream, isCancelled, run, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await sleep(100);
      await parts.generator.dismiss();
      assert.equal(isCancelled(), true);
      await run;
      assert.ok(await isNothingShown());
      assert.equal(document.getText(), 'Once');
      assert.deepEqual(parts.notes, []);
    });

    test('hiding them by any other way cancels quietly when more has come', async () => {
      const { stream, isCancelled, run } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await sleep(100);
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
      stream(' a');
      await until(isCancelled);
      await run;
      assert.ok(await isNothingShown());
      assert.deepEqual(parts.notes, []);
    });

    test('cancelling hides them', async () => {
      const { stream, run, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await sleep(100);
      parts.jobs.cancel();
      await run;
      assert.ok(await isNothingShown());
      assert.equal(document.getText(), 'Once');
      assert.equal(suggestions.providers, 0);
    });

    test('typing something else cancels quietly', async () => {
      const { stream, isCancelled, run } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await vscode.commands.executeCommand('type', { text: '!' });
      await until(isCancelled);
      await run;
      assert.ok(await isNothingShown());
      assert.deepEqual(parts.notes, []);
    });

    test('typing what they begin with takes it', async () => {
      const { stream, finish, isCancelled, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await vscode.commands.executeCommand('type', { text: ' ' });
      await vscode.commands.executeCommand('type', { text: 'u' });
      await suggestions.are('pon');
      assert.equal(isCancelled(), false);
      await finish(' upon a', ' under');
      await suggestions.are('pon a', 'nder');
      assert.equal(await accept('commit'), 'Once upon a');
      assert.deepEqual(generatedTokens(document), [' upon', ' a']);
    });

    test('moving the cursor cancels quietly', async () => {
      const { stream, isCancelled, run, editor } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      editor.selection = new vscode.Selection(0, 1, 0, 1);
      await until(isCancelled);
      await run;
      assert.deepEqual(parts.notes, []);
    });

    test('another editor cancels quietly', async () => {
      const { stream, isCancelled, run, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await openText('another text');
      await until(isCancelled);
      await run;
      assert.equal(document.getText(), 'Once');
      assert.deepEqual(parts.notes, []);
    });

    test('a change at another place cancels and says so', async () => {
      const { stream, isCancelled, run, editor, document } = await begin('Once');
      stream(' upon');
      await suggestions.are(' upon');
      await replace(editor, 0, 0, '# ');
      assert.equal(isCancelled(), true);
      await run;
      assert.equal(document.getText(), '# Once');
      assert.deepEqual(parts.notes, ['Generating stopped, because the text was changed meanwhile.']);
    });

    test('a second command takes the place of the first', async () => {
      const first = await begin('Once');
      first.stream(' upon');
      await suggestions.are(' upon');
      const run = parts.generator.generate();
      await until(() => parts.engine.generated.length === 2);
      assert.equal(first.isCancelled(), true);
      await first.run;
      parts.engine.generated[1]!.resolve(generationOf(' more'));
      await run;
      assert.equal(await accept('commit'), 'Once more');
    });
  });

  describe('once all of them have come the status item tells the keys, but no longer than they are offered', () => {
    const isTold = () => parts.statusItem.text.includes('Tab inserts');
    const ends: Record<string, (editor: vscode.TextEditor) => unknown> = {
      Escape: () => parts.generator.dismiss(),
      'another place': (editor) => selectNow(editor, new vscode.Selection(0, 1, 0, 1)),
      'another text': () => vscode.commands.executeCommand('type', { text: '?' }),
      'a change elsewhere': (editor) => replace(editor, 0, 0, '# '),
      'all of one': () => accept('commit'),
    };
    for (const [name, end] of Object.entries(ends)) {
      test(name, async () => {
        const { editor, finish } = await begin('Once');
        await finish(' a', ' b');
        await suggestions.are(' a', ' b');
        assert.ok(isTold());
        await end(editor);
        await until(() => !isTold());
        const isTaken = name === 'all of one';
        assert.match(parts.statusItem.text, isTaken ? /Generated with seed \d+\.$/ : /Whytoken$/);
      });
    }
  });

  describe('of the candidates', () => {
    test('words are taken one by one, and an undo gives the last one back', async () => {
      const { document, finish } = await begin('Once');
      await finish(' upon a time', ' more');
      await acceptWords('Once upon');
      await suggestions.are(' a time');
      assert.deepEqual(generatedTokens(document), [' upon']);
      await acceptWords('Once upon a');
      assert.deepEqual(generatedTokens(document), [' upon', ' a']);
      while (document.getText() !== 'Once upon') await vscode.commands.executeCommand('undo');
      assert.deepEqual(generatedTokens(document), [' upon']);
      await suggestions.are(' a time');
      assert.equal(await accept('commit'), 'Once upon a time');
      assert.deepEqual(generatedTokens(document), [' upon', ' a', ' time']);
    });

    test('the one that was chosen stays chosen when a part is taken with which others begin, too', async () => {
      const { finish } = await begin('Once');
      await finish(' upon a time', ' upon the hill', ' upon my word');
      await suggestions.are(' upon a time', ' upon the hill', ' upon my word');
      await sleep(100);
      await showNext();
      await showNext();
      await acceptWords('Once upon');
      await suggestions.are(' my word', ' a time', ' the hill');
      await sleep(200);
      assert.equal(await accept('commit'), 'Once upon my word');
    });

    test('many steps in a row are all counted', async () => {
      const { stream, finish } = await begin('Once');
      for (const [sequence, token] of [' a', ' b', ' c', ' d'].entries()) stream(token, sequence);
      await suggestions.are(' a', ' b', ' c', ' d');
      await sleep(200);
      const step = 'editor.action.inlineSuggest.showNext';
      await Promise.all([...Array(7)].map(() => vscode.commands.executeCommand(step)));
      await sleep(300);
      await finish(' a.', ' b.', ' c.', ' d.');
      await suggestions.are(' d.', ' a.', ' b.', ' c.');
      assert.equal(await accept('commit'), 'Once d.');
    });

    test('lines are taken one by one', async () => {
      const { document, finish } = await begin('Once');
      await finish(' upon\na time\nthere was');
      assert.equal(await accept('acceptNextLine'), 'Once upon\n');
      assert.equal(await accept('acceptNextLine'), 'Once upon\na time\n');
      assert.equal(await accept('commit'), 'Once upon\na time\nthere was');
      assert.deepEqual(generatedTokens(document), [' upon', '\na', ' time', '\nthere', ' was']);
    });

    test('the tokens keep what the model knew of them, until an edit touches them', async () => {
      const { editor, document, finish } = await begin('Once');
      await finish(' upon a time there');
      await accept('commit');
      const token = parts.generated.tokensAt(document, 11)!;
      assert.deepEqual(
        [token.start, token.end, token.tokens[0]!.text, token.tokens[0]!.logProb],
        [11, 16, ' time', -2],
      );
      assert.equal(parts.generated.tokensAt(document, 3), null);
      let events = 0;
      parts.generated.onDidChange(() => events++);
      await replace(editor, 0, 0, '# ');
      assert.equal(parts.generated.tokensAt(document, 13)!.tokens[0]!.text, ' time');
      await replace(editor, 15, 15, 'X');
      assert.deepEqual(generatedTokens(document), [' upon', ' a']);
      await replace(editor, 3, 8, '');
      assert.deepEqual(generatedTokens(document), []);
      assert.ok(events >= 3);
    });

    test('the tokens are dropped, and nothing wrong is said of others, when the ends of line change', async () => {
      const { editor, document, finish } = await begin('one\nOnce');
      await finish(' upon a');
      await accept('commit');
      assert.equal(generatedTokens(document).length, 2);
      await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
      for (const token of generatedTokens(document)) assert.ok([' upon', ' a'].includes(token), token);
    });

    test('one that begins like another has its own tokens', async () => {
      const { document, request, run } = await begin('Once');
      const generation = generationOf(' upon a', ' upon the');
      for (const [sequence, { tokens }] of generation.sequences.entries()) {
        for (const token of tokens) token.logProb = -10 - sequence;
      }
      request.resolve(generation);
      await run;
      await suggestions.are(' upon a', ' upon the');
      await showNext();
      assert.equal(await accept('commit'), 'Once upon the');
      assert.equal(parts.generated.tokensAt(document, 5)?.tokens[0]?.logProb, -11);
    });
  });

  test('recognises a whole suggestion by both answers while VS Code may still show the older one', async () => {
    const { executeCommand } = vscode.commands;
    const { document } = await openAtEnd('Once');
    const key = {};
    let text = ' upon';
    const ghost = new GhostText(document, () => [{ key, text }]);
    const whole = () => [' upon', ' upon a', ' '].filter((one) => ghost.isWhole(one));
    const seen: string[][] = [];
    vscode.commands.executeCommand = (async (_: string, options: { explicit?: boolean }) => {
      const triggerKind = options.explicit === false ? 1 : 0;
      // It does not ask again for what it has had an explicit answer for.
      if (triggerKind === 0 && text === ' upon a' && seen.length === 0) return;
      ghost.provideInlineCompletionItems(document, new vscode.Position(0, 4), {
        triggerKind,
        selectedCompletionInfo: undefined,
      });
      seen.push(whole());
    }) as typeof executeCommand;
    try {
      assert.equal(await ghost.show(), true);
      assert.deepEqual(seen.splice(0), [[' upon']]);
      text = ' upon a';
      assert.equal(await ghost.refresh(), true);
      assert.deepEqual(seen, [
        [' upon', ' upon a'],
        [' upon', ' upon a'],
      ]);
      assert.deepEqual(whole(), [' upon a']);
    } finally {
      vscode.commands.executeCommand = executeCommand;
      ghost.dispose();
    }
  });

  describe('into a text that is read-only', () => {
    test('generates nothing when the window has made the editor read-only', async () => {
      const file = vscode.Uri.file(path.join(await mkdtemp(path.join(tmpdir(), 'whytoken-')), 'a.txt'));
      await writeFile(file.fsPath, 'Once');
      const editor = await vscode.window.showTextDocument(file);
      await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
      await selectNow(editor, new vscode.Selection(0, 4, 0, 4));
      const { stream, isCancelled, run } = await begin('', editor);
      stream(' upon');
      await until(isCancelled);
      await run;
      assert.match(parts.notes[0]!, /read-only/);
      assert.equal(editor.document.getText(), 'Once');
    });

    test('refuses with a plain sentence', async () => {
      const provider = new ReadOnlyFiles();
      const scheme = 'whytoken-read-only';
      const registration = vscode.workspace.registerFileSystemProvider(scheme, provider, {
        isReadonly: true,
      });
      try {
        const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`${scheme}:/a.txt`));
        await vscode.window.showTextDocument(document);
        await parts.generator.generate();
        assert.match(parts.notes[0]!, /read-only/);
        await parts.generator.replaceFrom(document, 0, 4, { id: 1, text: 'a' });
        assert.match(parts.notes[1]!, /read-only/);
        await parts.generator.continueFrom(document, 0, { id: 1, text: 'a' });
        assert.match(parts.notes[2]!, /read-only/);
        assert.equal(parts.engine.generated.length, 0);
      } finally {
        await closeAll();
        registration.dispose();
      }
    });
  });
});

async function openAtEnd(text: string): Promise<vscode.TextEditor> {
  const editor = await openText(text);
  const end = editor.document.positionAt(text.length);
  if (text !== '') await selectNow(editor, new vscode.Selection(end, end));
  return editor;
}

/** Waits until the editor has told of it. */
async function selectNow(editor: vscode.TextEditor, ...selections: vscode.Selection[]): Promise<void> {
  const told = new Promise((resolve) => {
    const subscription = vscode.window.onDidChangeTextEditorSelection(() => resolve(subscription.dispose()));
  });
  editor.selections = selections;
  await told;
}

/** Takes words until the text is this; VS Code takes the space in front of a word as one of its own. */
async function acceptWords(text: string): Promise<void> {
  const { document } = vscode.window.activeTextEditor!;
  while (document.getText().length < text.length) await accept('acceptNextWord');
  assert.equal(document.getText(), text);
}

/** Sets these settings of generating and no others. */
async function configure(settings: Record<string, unknown>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('whytoken.generation');
  for (const name of ['candidates', 'repetitionPenalty', 'stop', 'seed', 'maxTokens', 'temperature']) {
    if (configuration.inspect(name)?.globalValue === settings[name]) continue;
    await configuration.update(name, settings[name], vscode.ConfigurationTarget.Global);
  }
}

class ReadOnlyFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 4 };
  }

  readFile(): Uint8Array {
    return new TextEncoder().encode('text');
  }

  readDirectory(): never {
    throw vscode.FileSystemError.Unavailable();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
}

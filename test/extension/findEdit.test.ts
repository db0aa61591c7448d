import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandsOf } from '../../src/host/commands.ts';
import { EditActions } from '../../src/host/edit/editActions.ts';
import { decideProposal } from '../../src/host/proposal.ts';
import type { Flipped, PartialFlip, Said, TextEdit } from '../../src/protocol/results.ts';
import { explanationOf } from './fakeEngine.ts';
import { openText, replace, select, settle, until, useParts } from './parts.ts';

const text = 'First line.\nThe capital of France is\nlast';
const said = (id: number, token: string, probability: number, rank = 1): Said => ({
  next: [{ id, text: token, probability, logit: 1 }],
  token: { id: 7, text: ' Paris', probability: 0.5, rank },
});
const before = said(7, ' Paris', 0.5);
const after = said(8, ' London', 0.4, 2);

describe('Find the Smallest Edit', () => {
  const parts = useParts();
  const { showInformationMessage, createQuickPick, showQuickPick } = vscode.window;
  let asked: { question: string; buttons: string[] }[] = [];
  let answer: (chosen: string | undefined) => void = () => {};
  /** The pick of a goal that is open. */
  let pick: vscode.QuickPick<vscode.QuickPickItem> | null = null;
  beforeEach(() => {
    asked = [];
    pick = null;
    Object.assign(vscode.window, {
      showInformationMessage: (question: string, ...buttons: string[]) => {
        asked.push({ question, buttons });
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      createQuickPick: () => {
        pick = createQuickPick();
        return pick;
      },
    });
  });
  afterEach(() => Object.assign(vscode.window, { showInformationMessage, createQuickPick, showQuickPick }));

  async function explained(content = text) {
    const editor = await openText(content);
    select(editor, 'The capital of France is');
    const run = parts.explainer.explainSelection();
    await until(() => parts.engine.explained.length > 0);
    const request = parts.engine.explained.at(-1)!;
    request.resolve({ ...explanationOf(request.params), next: [...before.next, ...after.next] });
    await run;
    return editor;
  }

  /** Picks an item of the list of goals by its label. */
  async function choose(label: RegExp) {
    await until(() => pick?.items.some((item) => label.test(item.label)) === true);
    const item = pick!.items.find((one) => label.test(one.label))!;
    pick!.activeItems = [item];
    await settle(20);
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }

  async function begin(goal = /^Any other token than /, content = text) {
    const editor = await explained(content);
    const run = Promise.resolve(commandsOf(parts).findEdit());
    await choose(goal);
    await until(() => parts.engine.flips.length > 0);
    const request = parts.engine.flips.at(-1)!;
    const edit = editOf(request.params.text, 'France', 'England');
    return { editor, run, request, edit };
  }

  function editOf(whole: string, old: string, put: string): TextEdit {
    const start = whole.indexOf(old);
    return { kind: 'substitute', start, end: start + old.length, old, new: put };
  }

  function partial(whole: string, edits: TextEdit[], found: boolean): PartialFlip {
    const edited = edits.reduceRight(
      (so, one) => so.slice(0, one.start) + one.new + so.slice(one.end),
      whole,
    );
    return { found, text: edited, edits, before, after: found ? after : before, evaluations: 42 };
  }

  const answerOf = (whole: string, edits: TextEdit[], found = true): Flipped =>
    ({
      ...partial(whole, edits, found),
      ...{ receipt: {}, distance: 5, perplexityRatio: 1.5, unusual: false },
    }) as unknown as Flipped;

  const isComparison = (tab: vscode.Tab | undefined) => tab?.input instanceof vscode.TabInputTextDiff;

  async function compared(): Promise<vscode.TextDocument> {
    await until(() => isComparison(vscode.window.tabGroups.activeTabGroup.activeTab));
    const { modified } = vscode.window.tabGroups.activeTabGroup.activeTab!.input as vscode.TabInputTextDiff;
    return vscode.workspace.openTextDocument(modified);
  }

  test('asks about the same prediction, and shows what was found beside the text before anything is changed', async () => {
    const { editor, run, request, edit } = await begin();
    const asks = parts.engine.explained.at(-1)!.params;
    const { params } = request;
    assert.deepEqual([params.text, params.range, params.at], [asks.text, asks.range, asks.at]);
    assert.deepEqual(params.goal, { kind: 'any' });
    request.resolve(answerOf(params.text, [edit]));
    const proposed = await compared();
    assert.equal(proposed.getText(), text.replace('France', 'England'));
    assert.equal(editor.document.getText(), text);
    await until(() => asked.length > 0);
    assert.match(
      asked[0]!.question,
      /^"France" → "England": " London" \(40%\) instead of " Paris" \(50%\)\. 1 edit · changed characters: 5 · perplexity × 1\.5 · evaluations: 42\. Apply it\?/,
    );
    answer('Apply the Edit');
    await run;
    assert.equal(editor.document.getText(), text.replace('France', 'England'));
    await until(() => !isComparison(vscode.window.tabGroups.activeTabGroup.activeTab));
    assert.match(parts.notes.at(-1)!, /^Edited: "France" → "England"\. Undo/);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
  });

  test('the edited side is explained too: why what is said now, and not what was said', async () => {
    const { run, request, edit } = await begin();
    const count = parts.engine.explained.length;
    request.resolve(answerOf(request.params.text, [edit]));
    await until(() => parts.engine.explained.length > count);
    const { params } = parts.engine.explained.at(-1)!;
    assert.deepEqual(
      [params.target, params.foil],
      [
        { kind: 'id', id: 8 },
        { kind: 'id', id: 7 },
      ],
    );
    assert.equal(params.text.slice(params.range.start, params.range.end), 'The capital of England is');
    await until(() => asked.length > 0);
    answer('Keep the Text');
    await run;
  });

  test('several edits are applied together and undone together', async () => {
    const { editor, run, request, edit } = await begin();
    const { text: read } = request.params;
    request.resolve(answerOf(read, [editOf(read, 'The', 'A'), edit]));
    await until(() => asked.length > 0);
    answer('Apply the Edit');
    await run;
    assert.equal(editor.document.getText(), text.replace('The', 'A').replace('France', 'England'));
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
  });

  for (const [how, decide] of [
    ['by the message', () => answer('Keep the Text')],
    ['above the comparison', () => decideProposal(false, undefined)],
    ['by closing it', () => vscode.commands.executeCommand('workbench.action.closeActiveEditor')],
  ] as const) {
    test(`leaves the text as it is: ${how}`, async () => {
      const { editor, run, request, edit } = await begin();
      request.resolve(answerOf(request.params.text, [edit]));
      await until(() => asked.length > 0);
      await decide();
      await run;
      assert.equal(editor.document.getText(), text);
    });
  }

  test('goals: a token that is listed, one that is typed, below a rank', async () => {
    const { run, request } = await begin(/ falls below rank 10$/);
    const { target } = parts.texts.lookedAt!.explanation!;
    assert.deepEqual(request.params.goal, { kind: 'below', rank: 10, target: { kind: 'id', id: target.id } });
    parts.jobs.cancel();
    await run;
    const again = Promise.resolve(commandsOf(parts).findEdit());
    await until(() => pick?.title !== undefined && pick.items.length > 0);
    pick!.value = 'Rome';
    await choose(/^" Rome" comes first$/);
    await until(() => parts.engine.flips.length > 1);
    assert.deepEqual(parts.engine.flips[1]!.params.goal, {
      kind: 'to',
      token: { kind: 'text', text: ' Rome' },
    });
    parts.jobs.cancel();
    await again;
  });

  test('what must stay is asked for with the goal, and remembered', async () => {
    await explained();
    for (const isFirst of [true, false]) {
      const run = Promise.resolve(commandsOf(parts).findEdit());
      if (isFirst) {
        await choose(/\$\(blank\) Change whole words only$/);
        await choose(/\$\(blank\) Keep the last word/);
      }
      await choose(/\$\(check\) Change whole words only$/);
      await choose(/\$\(blank\) Change whole words only$/);
      const count = parts.engine.flips.length;
      await choose(/^Any other token than /);
      await until(() => parts.engine.flips.length > count);
      const { params } = parts.engine.flips.at(-1)!;
      assert.equal(params.wordsOnly, true);
      assert.deepEqual(
        params.keep.map(({ start, end }) => params.text.slice(start, end)),
        [' is'],
      );
      parts.jobs.cancel();
      await run;
    }
    const run = Promise.resolve(commandsOf(parts).findEdit());
    await choose(/\$\(check\) Change whole words only$/);
    await choose(/\$\(check\) Keep the last word/);
    await choose(/^Any other token than /);
    await until(() => parts.engine.flips.length === 3);
    parts.jobs.cancel();
    await run;
  });

  test('tells the best so far; what is cancelled leaves what was found', async () => {
    const { editor, run, request, edit } = await begin();
    const { text: read } = request.params;
    const progress = (found: boolean) =>
      request.options.onProgress?.({
        stage: 'evaluating',
        done: 42,
        total: 500,
        partial: partial(read, [edit], found),
      });
    progress(false);
    assert.match(parts.item.text, /Searching for an edit… 42 evaluations; closest: "France" → "England"/);
    progress(true);
    assert.match(
      parts.item.text,
      /Searching for a smaller edit… 42 evaluations; found: "France" → "England"/,
    );
    parts.jobs.cancel();
    await until(() => asked.length > 0);
    assert.match(asked[0]!.question, /^"France" → "England"/);
    answer('Keep the Text');
    await run;
    assert.equal(editor.document.getText(), text);
  });

  test('what is cancelled before anything was found says nothing', async () => {
    const { run } = await begin();
    parts.jobs.cancel();
    await run;
    assert.deepEqual(asked, []);
  });

  test('not found is said in evaluations, and the search can go on', async () => {
    const { run, request, edit } = await begin();
    request.resolve(answerOf(request.params.text, [edit], false));
    await until(() => asked.length > 0);
    assert.equal(
      asked[0]!.question,
      'Not found in 42 evaluations. The closest that was tried: "France" → "England".',
    );
    answer('Search On');
    await until(() => parts.engine.flips.length > 1);
    assert.equal(parts.engine.flips[1]!.params.budget, 4 * request.params.budget);
    parts.jobs.cancel();
    await run;
  });

  test('a text that is changed while it is searched ends the search', async () => {
    const { editor, run } = await begin();
    await replace(editor, 0, 5, 'Other');
    await run;
    assert.deepEqual(asked, []);
    assert.equal(editor.document.getText(), text.replace('First', 'Other'));
  });

  test('nothing is applied to a text that was changed while it was compared', async () => {
    const { editor, run, request, edit } = await begin();
    request.resolve(answerOf(request.params.text, [edit]));
    await until(() => asked.length > 0);
    const other = new vscode.WorkspaceEdit();
    other.insert(editor.document.uri, new vscode.Position(0, 0), '# ');
    await vscode.workspace.applyEdit(other);
    await run;
    assert.equal(editor.document.getText(), `# ${text}`);
    assert.match(parts.notes.at(-1)!, /^Nothing was edited/);
  });

  test('is offered on an explained text, and nowhere else', async () => {
    const { document } = await explained();
    const at = (offset: number) => new vscode.Range(document.positionAt(offset), document.positionAt(offset));
    const offered = parts.editActions.provideCodeActions(document, at(text.indexOf('France')));
    assert.deepEqual(
      offered.map(({ command }) => command?.command),
      ['whytoken.findEdit', 'whytoken.testEdits'],
    );
    assert.ok(offered.every(({ kind }) => kind && EditActions.kind.contains(kind)));
    assert.deepEqual(parts.editActions.provideCodeActions(document, at(2)), []);
  });

  describe('Test by Many Edits', () => {
    test('lists how many of each kind, and the worst, which open as comparisons', async () => {
      const editor = await explained();
      let offered: vscode.QuickPickItem[] = [];
      Object.assign(vscode.window, {
        showQuickPick: async (items: vscode.QuickPickItem[]) => {
          offered = items;
          return items.find(({ label }) => label.includes('England'));
        },
      });
      const run = Promise.resolve(commandsOf(parts).testEdits());
      await until(() => parts.engine.tests.length > 0);
      const { params, resolve } = parts.engine.tests[0]!;
      const { receipt } = explanationOf(parts.engine.explained[0]!.params);
      resolve({
        receipt: {
          ...receipt,
          goal: { kind: 'any', token: 7 },
          kinds: ['substitute'],
          keep: [],
          wordsOnly: false,
          sameForm: false,
          budget: 500,
          seed: 0,
        },
        before,
        kinds: [
          {
            kind: 'substitute',
            total: 900,
            all: false,
            drawn: { tried: 50, reached: 10 },
            guided: { tried: 0, reached: 0 },
          },
        ],
        worst: [
          {
            edit: editOf(params.text, 'France', 'England'),
            says: { id: 8, text: ' London', probability: 0.4 },
            token: { probability: 0.1, rank: 2 },
          },
        ],
        evaluations: 50,
      });
      await until(() => asked.length > 0);
      assert.equal(offered[1]!.label, 'token replaced');
      assert.equal(offered[1]!.description, '10 of 50 drawn from 900: 20% (95%: 11% to 33%)');
      assert.ok(offered.some(({ label }) => label.includes('Export the worst as pairs')));
      assert.equal((await compared()).getText(), text.replace('France', 'England'));
      assert.match(asked[0]!.question, /^"France" → "England": then " London" \(40%\)\. Apply it\?/);
      answer('Apply the Edit');
      await run;
      assert.equal(editor.document.getText(), text.replace('France', 'England'));
    });
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { explanationOf, nextTokensOf, scoresOf } from './fakeEngine.ts';
import { openText, select, settle, until, useParts, withSettings } from './parts.ts';

describe('Hover', () => {
  const parts = useParts();

  async function explain(editor: vscode.TextEditor, selected: string) {
    select(editor, selected);
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained[0]!;
    return { run, request };
  }

  function hoverAt(editor: vscode.TextEditor, character: number) {
    const hover = parts.hover.provideHover(editor.document, new vscode.Position(0, character));
    return hover && { hover, markdown: hover.contents[0] as vscode.MarkdownString };
  }

  test('tells contribution, probability, rank, surprisal and the alternatives of the token under the pointer', async () => {
    const editor = await openText('The capital of France is');
    const { run, request } = await explain(editor, 'France is');
    request.resolve(explanationOf(request.params));
    await run;
    await settle();
    const { hover, markdown } = hoverAt(editor, 22)!;
    assert.equal(editor.document.getText(hover.range), ' is');
    const plain = markdown.value.replaceAll('\\', '').replaceAll('&nbsp;', ' ');
    assert.match(plain, /-0\.500 \(33% of all\): it spoke for " the" and not " Paris"/);
    assert.match(plain, /Probability here 25%, rank 2; surprisal 2\.0 bits \(entropy 3\.0\)/);
    assert.match(plain, /\| " the" \| 50% \|/);
    assert.match(plain, /\| \*\*" is"\*\* \| 25% \|/);
    assert.match(plain, /Read after 4 tokens/);
  });

  test('shows the sum of what is coloured as a unit, if that is more than the token', async () => {
    const editor = await openText('The capital of France is');
    const { run, request } = await explain(editor, 'France is');
    request.resolve(explanationOf(request.params));
    await run;
    const plain = () => hoverAt(editor, 22)!.markdown.value.replaceAll('\\', '').replaceAll('&nbsp;', ' ');
    assert.doesNotMatch(plain(), /coloured as a unit/);
    await withSettings({ granularity: 'line' }, async () => {
      assert.match(plain(), /-0\.500 \(33% of all\)/);
      assert.match(plain(), /"France is" is coloured as a unit: \+0\.500 in all/);
    });
  });

  test('tells of the whole word, corrected for where words end', async () => {
    const editor = await openText('The capital of France is');
    const { run, request } = await explain(editor, 'France is');
    request.resolve(explanationOf(request.params));
    await run;
    await settle();
    const plain = () => hoverAt(editor, 17)!.markdown.value.replaceAll('\\', '').replaceAll('&nbsp;', ' ');
    assert.match(plain(), /Probability here 25%/);
    assert.doesNotMatch(plain(), /The word/, 'one that is a token by itself says nothing new');
    await withSettings({ granularity: 'word' }, async () => {
      assert.match(
        plain(),
        /The word "France": probability 25%; surprisal 2\.0 bits, corrected for where words end/,
      );
    });
  });

  test('shows a generated character in pieces as one, and says that the alternatives are for the first piece', async () => {
    const editor = await openText('a中b');
    const piece = (id: number, name: string, logProb: number) => ({
      ...{ id, text: '\ufffd', name, logProb, rank: 3, entropy: 2 },
      top: [{ id: 9, text: ' the', probability: 0.5 }],
    });
    const tokens = [piece(1, '‹E4 B8›', Math.log(0.25)), piece(2, '‹AD›', Math.log(0.5))];
    parts.generated.insert(editor.document, 1, '中', [{ start: 1, end: 2, tokens }]);
    const { hover, markdown } = hoverAt(editor, 1)!;
    assert.equal(editor.document.getText(hover.range), '中');
    const plain = markdown.value.replaceAll('\\', '').replaceAll('&nbsp;', ' ');
    assert.match(plain, /Probability here 13%; surprisal 3\.0 bits/);
    assert.match(plain, /reads this character in 2 pieces: the surprisal is their sum/);
    assert.match(plain, /\| Expected here as the first piece \|/);
    assert.equal(hoverAt(editor, 2), null);
  });

  test('names expected pieces by the characters that the model would make of them, asked once', async () => {
    const editor = await openText('a中b');
    const top = [{ id: 50, text: '\ufffd', name: '‹E5 9B›', probability: 0.5 }];
    const tokens = [{ id: 1, text: '中', logProb: -1, rank: 3, entropy: 2, top }];
    parts.generated.insert(editor.document, 1, '中', [{ start: 1, end: 2, tokens }]);
    parts.engine.distribution = async (params) => {
      parts.engine.distributed.push(params);
      const answer = nextTokensOf(params, { 50: 0.5 });
      return {
        ...answer,
        candidates: answer.candidates.map((one) => ({ ...one, text: '\ufffd', name: '国 1/2' })),
      };
    };
    assert.equal(hoverAt(editor, 1), null, 'not in pieces');
    const later = () =>
      parts.hover.later.provideHover(
        editor.document,
        new vscode.Position(0, 1),
        new vscode.CancellationTokenSource().token,
      );
    const hover = await later();
    assert.match((hover!.contents[0] as vscode.MarkdownString).value, /国 1/);
    assert.deepEqual(
      parts.engine.distributed.map(({ at, text }) => [at, text]),
      [[{ kind: 'offset', offset: 1 }, 'a中b']],
    );
    // Known from then on: told at once, by the first provider only.
    assert.match(hoverAt(editor, 1)!.markdown.value, /国 1/);
    assert.equal(await later(), null);
    assert.equal(parts.engine.distributed.length, 1);
  });

  test('leaves expected pieces their names where the model does not tell more', async () => {
    const editor = await openText('a中b');
    const top = [{ id: 50, text: '\ufffd', name: '‹E5 9B›', probability: 0.5 }];
    const tokens = [{ id: 1, text: '中', logProb: -1, rank: 3, entropy: 2, top }];
    parts.generated.insert(editor.document, 1, '中', [{ start: 1, end: 2, tokens }]);
    parts.engine.distribution = async () => {
      throw new Error('no answer');
    };
    const hover = await parts.hover.later.provideHover(
      editor.document,
      new vscode.Position(0, 1),
      new vscode.CancellationTokenSource().token,
    );
    assert.match((hover!.contents[0] as vscode.MarkdownString).value, /E5 9B/);
  });

  test('shows what is known before the probabilities have come', async () => {
    const editor = await openText('The capital of France is');
    const { run, request } = await explain(editor, 'France is');
    const partial = { ...explanationOf(request.params), refining: true };
    request.options.onProgress?.({ stage: 'explaining', done: 1, total: null, partial });
    const { markdown } = hoverAt(editor, 16)!;
    assert.match(markdown.value, /spoke for/);
    assert.doesNotMatch(markdown.value, /Probability/);
    parts.jobs.cancel();
    await run;
  });

  test('is silent outside the explained text', async () => {
    const editor = await openText('The capital of France is');
    const { run, request } = await explain(editor, 'France is');
    request.resolve(explanationOf(request.params));
    await run;
    assert.equal(hoverAt(editor, 5), null);
  });

  test('says why the first token of a text has no probability', async () => {
    const editor = await openText('France is');
    const { run, request } = await explain(editor, 'France is');
    parts.engine.score = async (params) => {
      const scores = scoresOf(params);
      scores.tokens[0] = { ...scores.tokens[0]!, logProb: null, rank: null, entropy: null, top: [] };
      return scores;
    };
    request.resolve(explanationOf(request.params));
    await run;
    await settle();
    assert.match(hoverAt(editor, 1)!.markdown.value, /The first token has no probability\\: without BOS/);
  });

  test('shows token texts as plain text: no link, image, HTML or table', async () => {
    const hostile = '[x](command:workbench.action.quit) ![i](https://a.b/c) </td><script>|`*';
    const editor = await openText(hostile.replaceAll(' ', '_'));
    const { run, request } = await explain(editor, editor.document.getText());
    const explanation = explanationOf(request.params);
    explanation.target.text = hostile;
    request.resolve(explanation);
    await run;
    await until(() => /Probability here/.test(hoverAt(editor, 3)?.markdown.value ?? ''));
    const { markdown } = hoverAt(editor, 3)!;
    const links = [...markdown.value.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target]) => target!);
    const [images, others] = [true, false].map((is) => links.filter((to) => to.startsWith('data:') === is));
    assert.equal(images!.length, 2);
    assert.deepEqual(
      others!.map((target) => target.replace(/\?.*/, '')),
      [
        'whyNot',
        'continueFrom',
        'replaceFrom',
        'explainToken',
        'whyNot',
        'removeToken',
        'findEdit',
        'openPanel',
      ].map((name) => `command:whytoken.${name}`),
    );
    const theirs = links.reduce((rest, link) => rest.replace(`](${link})`, ''), markdown.value);
    assert.doesNotMatch(theirs.replaceAll(/!?(?<!\\)\[/g, ''), /(?<!\\)[[\]()<>`]/);
    const { enabledCommands } = markdown.isTrusted as { enabledCommands: string[] };
    assert.ok(enabledCommands.every((command) => command.startsWith('whytoken.')));
    assert.notEqual(markdown.supportHtml, true);
  });
});

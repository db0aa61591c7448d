import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { ExplainedText } from '../../src/host/explain/explainedText.ts';
import { afterStretch } from '../../src/host/explain/question.ts';
import { asMarkdownTable, asText } from '../../src/host/explain/reportFormats.ts';
import { explainParams } from '../../src/host/explain/request.ts';
import { reportOn } from '../../src/host/explain/told.ts';
import { scheme } from '../../src/host/names.ts';
import { takeSnapshot } from '../../src/host/text/snapshot.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import type { TokenScore } from '../../src/protocol/results.ts';
import type { Report } from '../../src/text/telling/report.ts';
import { quoted } from '../../src/text/visible.ts';
import { explanationOf, scoresOf } from './fakeEngine.ts';
import { explainSelected, openText, replace, select, settle, useParts } from './parts.ts';

const totalsAndReceipt = [
  [
    'Sums',
    'Sum of the contributions: +0.500',
    'Difference that is explained: +0.500',
    'δ, the error of the sum: 0.00 (0%)',
    'f(x): logit of the target − logit of the foil: 0.500',
    'f(baseline): with zero embeddings: 0.00',
    'Unit of contributions and sums: nats of logit',
  ],
  [
    'Receipt',
    'Model: fake (SHA-256 00)',
    'Text: SHA-256 00',
    'BOS: not prepended',
    'Tokens that did not fit: 0',
    'Explained range: 15–24',
    'Target: " Paris" (#7)',
    'Foil: " the" (#8)',
    'Predicted position: 5',
    'Objective: logit of the target − logit of the foil',
    'Method: integrated gradients',
    'Baseline: zero embeddings',
    'Steps: auto',
    'Tolerance: 0.01',
    'Evaluations: 15',
    'Time: 1 ms',
    'Whytoken: 0.0.0',
  ],
].map((part) => part.join('\n'));

describe('Explanation as text', () => {
  const parts = useParts();
  beforeEach(async () => {
    parts.own(vscode.workspace.registerTextDocumentContentProvider(scheme, parts.asText));
    await vscode.env.clipboard.writeText('before');
  });

  async function explain(content: string, selected: string) {
    const editor = await openText(content);
    await explainSelected(parts, editor, selected);
    return editor;
  }

  /** Explains all of a text whose tokens are these, of any content. */
  function reportAbout(
    tokens: readonly string[],
    change: (explained: ExplainedText, scores: TokenScore[]) => void = () => {},
  ) {
    const text = tokens.join('');
    const snapshot = takeSnapshot(text, { start: 0, end: text.length }, 'document', Number.POSITIVE_INFINITY);
    const document = {} as vscode.TextDocument;
    const question = afterStretch(snapshot.range, { kind: 'selection', selections: 1 });
    const params = explainParams(question, snapshot, document, parts.settings);
    const explained = new ExplainedText(document, question, snapshot, params);
    let end = 0;
    const spans = tokens.map((token, id) => {
      const start = end;
      end += token.length;
      return { id, text: token, start, end };
    });
    const explanation = explanationOf({ ...params, text: '' });
    explanation.tokens = spans.map((span) => ({ ...span, score: span.id % 2 ? -1 : 1 }));
    explained.answer(explanation);
    const [score] = scoresOf({ ...params, text: 'x', range: null, top: 5, stride: null }).tokens;
    const scores = spans.map((span) => ({ ...score!, ...span }));
    change(explained, scores);
    return reportOn(explained, ({ first, pieces }) => scores.slice(first, first + pieces))!;
  }

  /** What VS Code's own Markdown makes of it: the cells of each table's rows, as text. */
  async function rendered(markdown: string) {
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', markdown);
    const plain = (text: string) =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&')
        .replaceAll('\u00a0', ' ');
    const tables = [...html.matchAll(/<table[\s\S]*?<\/table>/g)].map(([table]) =>
      [...table.matchAll(/<tr[\s\S]*?<\/tr>/g)].map(([row]) =>
        [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => plain(cell!)),
      ),
    );
    return { html, tables };
  }

  test('copies everything as lines to be read aloud', async () => {
    await explain('The capital of France is near.', 'France is');
    await parts.asText.copyAsText();
    assert.equal(
      await vscode.env.clipboard.readText(),
      `${[
        'Why " Paris" (41%) and not " the" (12%)?',
        'What spoke most for " Paris"\n"France": +1.00, 67% of all',
        'What spoke most for " the"\n" is": -0.500, 33% of all',
        [
          'All tokens, as in the text',
          '1. "France": +1.00, 67% of all; Probability here 25%, rank 2; surprisal 2.0 bits (entropy 3.0)',
          '2. " is": -0.500, 33% of all; Probability here 25%, rank 2; surprisal 2.0 bits (entropy 3.0)',
        ].join('\n'),
        ...totalsAndReceipt,
      ].join('\n\n')}\n`,
    );
    assert.equal(parts.notes.at(-1), 'The explanation was copied as text.');
  });

  test('copies Markdown that renders as the text with its contributions, and three tables of what the text says', async () => {
    await explain('The capital of France is near.', 'France is');
    await parts.asText.copyAsMarkdown();
    assert.equal(parts.notes.at(-1), 'The explanation was copied as a Markdown table.');
    const { html, tables } = await rendered(await vscode.env.clipboard.readText());
    assert.match(html, /<strong>Why &quot; Paris&quot; \(41%\) and not &quot; the&quot; \(12%\)\?<\/strong>/);
    assert.match(html, /<p><b>France<\/b><sup>\+1\.00<\/sup> <i>is<\/i><sup>-0\.500<\/sup><\/p>/);
    const [tokens, ...facts] = tables;
    assert.deepEqual(tokens, [
      ['#', 'Token', 'Contribution', 'Share', 'Probability', 'Rank', 'Surprisal (bits)'],
      ['1', '"France"', '+1.00', '67%', '25%', '2', '2.0'],
      ['2', '" is"', '-0.500', '33%', '25%', '2', '2.0'],
    ]);
    assert.deepEqual(
      facts.map((rows) => rows.map(([name, value]) => (value ? `${name}: ${value}` : name)).join('\n')),
      totalsAndReceipt,
    );
  });

  test('gives no token text a cell, a link, an image or a tag of its own', async () => {
    const hostile = [
      ...['|', '||', '\\|', '\\\\|', '\\', '`|`', '`', '**', '__x__', '~~x~~', '$x$', '$$'],
      ...['[x](command:workbench.action.quit)', '![i](https://a.b/c)', '<https://a.b>', '<img src=x>'],
      ...['https://a.b/c', 'www.example.com', 'a@example.com', '<!--', '&lt;', '&amp;lt;', '\n\n# x\n'],
      ...['</td></tr></table><script>alert(1)</script>', '| --- |', '- x', '1. x', ':smile:', '[^1]', '  '],
    ];
    const unit = fc.constantFrom(...'|\\`*_[]()<>!&;$~:#-+=^"\' \n\tax1日\u202e'.split(''));
    const random = fc.sample(fc.string({ unit, minLength: 1, maxLength: 12 }), {
      seed: 20261122,
      numRuns: 400,
    });
    const any = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), {
      seed: 1,
      numRuns: 200,
    });
    const tokens = [...hostile, ...random, ...any];
    const report = reportAbout(tokens, ({ explanation }) => {
      explanation!.target.text = '[x](command:quit) | `';
      explanation!.receipt.model.name = 'a|b <img src=x> `';
    });
    const { html, tables } = await rendered(asMarkdownTable(report));
    const [rows, , receipt] = tables;
    assert.deepEqual(
      rows!.slice(1).map(([, text]) => text),
      tokens.map(quoted),
    );
    assert.deepEqual(new Set(rows!.map((row) => row.length)), new Set([7]));
    assert.deepEqual(receipt![1], ['Model', 'a|b <img src=x> ` (SHA-256 00)']);
    const tagsOf = (page: string) =>
      [...new Set([...page.matchAll(/<\/?([a-z][a-z\d]*)/gi)].map(([, tag]) => tag))].sort();
    const harmless = await rendered(asMarkdownTable(reportAbout(['a', ' b', '\n'])));
    assert.deepEqual(tagsOf(html), tagsOf(harmless.html));
    assert.equal(tables.length, 3);
  });

  test('leaves out unknown probabilities: those that have not come yet, and the first token’s', async () => {
    const unscored = reportAbout(['a', ' b'], (_, scores) => {
      scores.length = 0;
    });
    const [head] = (await rendered(asMarkdownTable(unscored))).tables[0]!;
    assert.deepEqual(head, ['#', 'Token', 'Contribution', 'Share']);
    assert.match(asText(unscored), /^1\. "a": \+1\.00, 50% of all$/m);
    const scored = reportAbout(['a', ' b'], (_, scores) => {
      Object.assign(scores[0]!, { logProb: null, rank: null, entropy: null });
    });
    const [, first, second] = (await rendered(asMarkdownTable(scored))).tables[0]!;
    assert.deepEqual(first, ['1', '"a"', '+1.00', '50%', '–', '–', '–']);
    assert.deepEqual(second!.slice(4), ['25%', '2', '2.0']);
    assert.match(asText(scored), /^1\. "a": .*; The first token has no probability: without BOS/m);
  });

  test('sums up the pieces of a character that the model reads in pieces', async () => {
    const split = reportAbout(['日', '', ' b']);
    assert.deepEqual(
      split.tokens.map(({ text, contribution, chance }) => [
        ...[text, contribution, chance?.probability, chance?.rank],
      ]),
      [
        ['"日"', '0.00', '6.3%', null],
        ['" b"', '+1.00', '25%', '2'],
      ],
    );
    assert.match(
      asText(split),
      /^1\. "日": .*; Probability here 6\.3%; surprisal 4\.0 bits; The model reads this character in 2 pieces: .*surprisal are their sums, the probability is their product\.$/m,
    );
  });

  test('names the target if there is no foil, and no direction if the method has none', () => {
    const headings = (report: Report) => report.strongest.map(({ heading }) => heading);
    const noFoil = reportAbout(['a', ' b'], ({ explanation }) => {
      explanation!.foil = null;
    });
    assert.deepEqual(headings(noFoil), ['What spoke most for " Paris"', 'What spoke most against " Paris"']);
    const unsigned = reportAbout(['a', ' b'], ({ explanation }) => {
      Object.assign(explanation!.receipt, chooseMethod('gradient-norm'));
    });
    assert.deepEqual(headings(unsigned), ['What moves the prediction most']);
    const onlyFor = reportAbout(['a']);
    assert.deepEqual(headings(onlyFor), ['What spoke most for " Paris"']);
  });

  test('names the five strongest of each direction, strongest first', () => {
    const scores = [1, -8, 15, -6, 13, -4, 11, -2, 9, -16, 7, -14, 5, -12, 3, -10];
    const report = reportAbout([...'abcdefghijklmnop'], ({ tokens }) => {
      for (const [index, score] of scores.entries()) tokens[index]!.score = score;
    });
    const names = report.strongest.map(({ tokens }) => tokens.map(({ text }) => text[1]).join(''));
    assert.deepEqual(names, ['cegik', 'jlnpb']);
  });

  test('shows it in a document that nobody can edit, and brings it up to date', async () => {
    const editor = await openText('The capital of France is near.');
    select(editor, 'France is');
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained[0]!;
    const sum = { value: null, baselineValue: null, delta: null } as const;
    const partial = { ...explanationOf(request.params), ...sum, refining: true };
    request.options.onProgress?.({ stage: 'explaining', done: 1, total: 2, partial });
    await parts.asText.show();
    const { document } = vscode.window.activeTextEditor!;
    assert.deepEqual(
      [document.uri.toString(), document.languageId, document.isDirty],
      ['whytoken:/Explanation.txt', 'plaintext', false],
    );
    assert.match(document.getText(), /^Why " Paris" .*\nThis is a first answer, not refined yet\.$/m);
    assert.match(document.getText(), /^Sums\nδ, the error of the sum: –\n$/m);
    assert.doesNotMatch(document.getText(), /need not sum up|converged/);
    await replace(vscode.window.activeTextEditor!, 0, 0, 'x').catch(() => {});
    assert.match(document.getText(), /^Why /);
    request.resolve(explanationOf(request.params));
    await run;
    await until(() => !/first answer/.test(document.getText()) && /surprisal/.test(document.getText()));
  });

  test('keeps the document when the colours go, and shows the next explanation only when asked to', async () => {
    const first = await explain('The capital of France is near.', 'France is');
    await parts.asText.show();
    const shown = vscode.window.activeTextEditor!.document;
    const before = shown.getText();
    await vscode.window.showTextDocument(first.document);
    parts.overlayCommands.clear();
    await explain('Another text altogether.', 'Another text');
    await sleep(200);
    assert.equal(shown.getText(), before);
    await parts.asText.show();
    await until(() => shown.getText().includes('"Another"'));
    assert.equal(vscode.window.activeTextEditor?.document, shown);
  });

  test('says so when there is nothing to tell', async () => {
    await openText('The capital of France is near.');
    for (const command of [
      () => parts.asText.copyAsText(),
      () => parts.asText.copyAsMarkdown(),
      () => parts.asText.show(),
    ]) {
      await command();
      assert.match(parts.notes.pop()!, /^Nothing is explained yet\./);
    }
    assert.equal(await vscode.env.clipboard.readText(), 'before');
  });

  async function until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 500 && !condition(); i++) await sleep(20);
    assert.ok(condition());
  }
});

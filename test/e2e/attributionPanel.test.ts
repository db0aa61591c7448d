/** The explanation panel's page by itself, answered by the real engine with the bundled model. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/lib/project.ts';
import type { PanelAnswers } from '../../src/host/panel/answers.ts';
import { attributionAnswers, type Given } from '../../src/host/panel/attribution/answers.ts';
import { attributionsOf } from '../../src/host/panel/attribution/content.ts';
import { labels } from '../../src/host/panel/attribution/labels.ts';
import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import type { ExplainParams } from '../../src/protocol/engine.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import {
  type AttributionPanel,
  type Attributions,
  attributionPanel,
} from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { Explanation, PartialExplanation } from '../../src/protocol/results.ts';
import { disagreements } from '../../src/text/disagreement.ts';
import { displayTokens } from '../../src/text/displayTokens.ts';
import { byLine, byToken, byWord } from '../../src/text/granularity.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { remarks } from '../../src/text/telling/remarks.ts';
import { inEnglish } from '../../src/text/telling/telling.ts';
import { quoted } from '../../src/text/visible.ts';
import { explainRequest } from '../fixtures/requests.ts';
import { seriousFindings } from '../harness/axe.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { hostEngine } from '../harness/hostEngine.ts';
import {
  keptBy,
  type Language,
  openPanelPage,
  type PanelPage,
  type Theme,
  themes,
} from '../harness/panelPage.ts';
import { checkTabStops } from '../harness/tabStops.ts';

const modelDir = path.join(root, 'models/tiny-gpt2');
const text = 'The capital of the United Kingdom is London, and the capital of France is';
const hostile = '</text><img src=x onerror="window.hacked = 1"> | `x` [y](command:z) \u202e';
const telling = inEnglish((token) => quoted(tokenName(token)));
const { numbers } = telling;
const engine = openEngine('throughput');
const explain = (params: ExplainParams) => engine.explain(params, Run.detached());

const question = (asked: string) => explainRequest({ modelDir, text: asked });

/** In the host's own words, in English. */
function contentOf(explanation: PartialExplanation, asked: string): Attributions {
  const tokens = displayTokens(asked, explanation.tokens, 0, explanation.segments);
  const groups = {
    token: byToken(tokens),
    word: byWord(asked, tokens, 'en'),
    line: byLine(asked, tokens),
    syntax: null,
  };
  return attributionsOf(explanation, tokens, groups, remarks(explanation, {}, telling), telling);
}

const givenOf = (answer: Explanation, asked = text): Given => ({
  ...{ explanation: answer, text: asked, modelDir },
  tokens: displayTokens(asked, answer.tokens, 0, answer.segments),
  groups: contentOf(answer, asked).groups,
  options: {},
});

let browser: BrowserWindow;
let explanation: Explanation;
let given: Given;
before(async () => {
  browser = await openBrowser();
  explanation = await explain(question(text));
  given = givenOf(explanation);
});
after(async () => {
  await browser[Symbol.asyncDispose]();
  await engine.dispose();
});

async function open(
  theme: Theme = 'light',
  language: Language = 'en',
  content?: Attributions,
  /** In place of the host's own answers. */
  instead: Partial<PanelAnswers<AttributionPanel>> = {},
  about = () => given,
): Promise<PanelPage<AttributionPanel>> {
  await browser.page.close();
  browser.page = await browser.newPage();
  const answers = attributionAnswers(hostEngine(engine), about, telling);
  return openPanelPage(browser.page, {
    ...{ entry: 'attribution', protocol: attributionPanel, theme, language },
    labels: { ...labels, empty: 'Nothing yet' },
    content: content === undefined ? contentOf(explanation, text) : content,
    answers: { ...answers, ...instead },
  });
}

const barNames = ({ page }: PanelPage<AttributionPanel>) =>
  page
    .locator('[role=tabpanel] svg .item')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

/** The bars' names, once there are as many as there should be. */
const barNamesOf = (panel: PanelPage<AttributionPanel>, { length }: { length: number }) =>
  eventually(async () => {
    const names = await barNames(panel);
    assert.equal(names.length, length);
    return names;
  });

/** The bars have the scores of all tokens. */
const showsScores = (panel: PanelPage<AttributionPanel>) =>
  eventually(async () =>
    assert.deepEqual(
      (await barNames(panel)).map((name) => name!.split(': ').at(-1)!.split(',')[0]),
      given.tokens.map(({ score }) => numbers.signed(score)),
    ),
  );

/** What the page says last of all is this order. */
const lastOrder = ({ sent }: PanelPage, order: unknown) =>
  eventually(() => assert.deepEqual(sent.at(-1)!.order, order));

/** What the page wants saved, once there is so much of it. */
const saved = ({ sent }: PanelPage, count: number) =>
  eventually(() => {
    const found = sent.filter(({ type }) => type === 'save');
    assert.equal(found.length, count);
    return found;
  });

test('the bars are the engine’s contributions, and the waterfall ends at f(x)', async () => {
  const panel = await open();
  await showsScores(panel);
  await panel.page.getByRole('tab', { name: 'Waterfall' }).click();
  await eventually(async () => {
    const xs = await panel.page
      .locator('[role=tabpanel] svg[aria-label=Waterfall] line')
      .evaluateAll((all) => all.map((line) => ['x1', 'x2'].map((end) => Number(line.getAttribute(end)))));
    const [start, end] = [xs[0]![0]!, xs.at(-1)![0]!];
    const pixelsPerUnit = (end - start) / (explanation.value - explanation.baselineValue);
    // The line behind the last bar stands where the contributions led, which is δ off f(x).
    assert.ok(
      Math.abs(xs.at(-2)![0]! - end - explanation.delta! * pixelsPerUnit) < 0.5,
      JSON.stringify(xs.slice(-2)),
    );
  });
});

test('first scores are in both views, without a word on unknown sums', async () => {
  const sum = { value: null, baselineValue: null, delta: null } as const;
  const content = contentOf({ ...explanation, ...sum, refining: true }, text);
  const panel = await open('light', 'en', content);
  await panel.page.getByText('This is a first answer, not refined yet.').waitFor();
  for (const view of ['Bars', 'Waterfall']) {
    await panel.page.getByRole('tab', { name: view }).click();
    await panel.page.locator(`[role=tabpanel] svg[aria-label=${view}]`).waitFor();
    await showsScores(panel);
    const said = (await panel.page.getByRole('tabpanel').textContent()) ?? '';
    assert.doesNotMatch(said, /f\(x\)|f\(baseline\) =|δ|sum up/);
  }
});

test('sorted by strength, grouped by words: sums are kept', async () => {
  const panel = await open();
  await panel.page.getByLabel('Order').selectOption({ label: 'strongest first' });
  await panel.page.getByLabel('Granularity').selectOption({ label: 'words' });
  const names = await barNamesOf(panel, contentOf(explanation, text).groups.word);
  const scores = names.map((name) => Number(/: ([+-][\d.]+),/.exec(name!)![1]));
  const magnitudes = scores.map(Math.abs);
  assert.deepEqual(
    magnitudes,
    magnitudes.toSorted((a, b) => b - a),
  );
  const sum = given.tokens.reduce((total, { score }) => total + score, 0);
  const shown = scores.reduce((total, score) => total + score, 0);
  assert.ok(Math.abs(shown - sum) < 0.01 * scores.length, `${shown} ${sum}`);
  await panel.page.reload();
  await panel.use('light');
  await panel.page.locator('[role=tabpanel] svg').waitFor();
  await eventually(async () => assert.equal(await panel.page.getByLabel('Granularity').inputValue(), 'word'));
});

test('syntax nodes are asked for when they are chosen; until they are known there are words', async () => {
  const panel = await open();
  const isOrder = ({ order }: { order?: unknown }) =>
    JSON.stringify(order) === JSON.stringify({ kind: 'syntax' });
  const content = contentOf(explanation, text);
  await panel.page.getByLabel('Granularity').selectOption({ label: 'words' });
  const words = await barNamesOf(panel, content.groups.word);
  await panel.page.waitForTimeout(200);
  assert.ok(!panel.sent.some(isOrder));
  await panel.page.getByLabel('Granularity').selectOption({ label: 'syntax nodes' });
  await eventually(() => assert.ok(panel.sent.some(isOrder)));
  assert.deepEqual(await barNames(panel), words);
  const all = { tokens: given.tokens.map((_, token) => token), score: 1 };
  await panel.show({ ...content, groups: { ...content.groups, syntax: [all] } });
  await barNamesOf(panel, [all]);
});

test('a token becomes the target, an alternative the foil; the keys do it too', async () => {
  const panel = await open();
  const items = panel.page.locator('svg .item[role=button]');
  await items.nth(3).click();
  await lastOrder(panel, { kind: 'target', token: 3 });
  await items.nth(3).focus();
  await panel.page.keyboard.press('ArrowRight');
  await panel.page.keyboard.press('Enter');
  await lastOrder(panel, { kind: 'target', token: 4 });
  assert.deepEqual(
    panel.sent.findLast(({ type }) => type === 'point'),
    { type: 'point', content: 1, token: 4 },
  );
  await panel.page.keyboard.press('End');
  await panel.page.keyboard.press(' ');
  await lastOrder(panel, { kind: 'target', token: given.tokens.length - 1 });
  const third = panel.page.locator('.alternatives button').nth(2);
  assert.match((await third.textContent())!, new RegExp(numbers.percent(explanation.next[2]!.probability)));
  await third.click();
  await lastOrder(panel, { kind: 'foil', next: 2 });
  assert.ok(await panel.page.locator('.alternatives button').nth(0).isDisabled(), 'the target is no foil');
});

test('each picture is one stop of Tab, whatever is shown; the arrow keys move inside', async () => {
  const panel = await open();
  const { page } = panel;
  await showsScores(panel);
  for (const name of ['Bars', 'Waterfall', 'Two methods']) {
    await page.getByRole('tab', { name }).click();
    await page.locator('[role=tabpanel] svg.picture .item').nth(5).waitFor({ state: 'attached' });
    await checkTabStops(page);
  }
  await page.locator('svg.picture').first().locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-item'));
  assert.equal(await focused(), '2');
  // Where one was, one comes back to.
  await page.keyboard.press('Tab');
  assert.equal(await focused(), null);
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(), '2');
});

test('the token that the editor points at is marked in the strip and among the bars', async () => {
  const panel = await open();
  await panel.page.locator('[role=tabpanel] svg').waitFor();
  await panel.post({ type: 'pointed', content: 1, token: 2 });
  await eventually(async () => {
    const marked = await panel.page
      .locator('.item.marked')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-item')));
    assert.deepEqual(marked, ['2', '2']);
  });
  // Of what was shown before.
  await panel.post({ type: 'pointed', content: 0, token: 3 });
  await panel.page.waitForTimeout(200);
  assert.equal(await panel.page.locator('.item.marked[data-item="3"]').count(), 0);
  await panel.post({ type: 'pointed', content: 1, token: null });
  await panel.page.locator('.item.marked').first().waitFor({ state: 'detached' });
});

test('two methods: the second one’s scores are the engine’s, with Spearman’s ρ', async () => {
  const panel = await open();
  await panel.page.getByRole('tab', { name: 'Two methods' }).click();
  await panel.page.getByLabel('Second method').selectOption('occlusion');
  await panel.page.locator('section[aria-label=occlusion] svg').waitFor();
  const other = await explain({
    ...question(text),
    foil: { kind: 'id', id: explanation.foil!.id },
    ...chooseMethod('occlusion'),
  });
  await eventually(async () => {
    const shown = await panel.page
      .locator('section[aria-label=occlusion] svg .item')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!.split(': ').at(-1)));
    assert.deepEqual(
      shown,
      other.tokens.map(({ score }) => numbers.signed(score)),
    );
  });
  // Without ties ρ is 1 − 6 Σ d² / (n (n² − 1)).
  const place = (scores: number[]) => scores.map((score) => scores.filter((one) => one < score).length);
  const [a, b] = [
    place(given.tokens.map(({ score }) => score)),
    place(other.tokens.map(({ score }) => score)),
  ];
  const n = a.length;
  const rho = 1 - (6 * a.reduce((sum, rank, i) => sum + (rank - b[i]!) ** 2, 0)) / (n * (n * n - 1));
  await panel.page.getByText(`over ${n} tokens: ${numbers.amount(rho)}`).waitFor();
});

test('two methods: what has opposite signs in both is hatched, said and in the table', async () => {
  for (const theme of themes) {
    const panel = await open(theme);
    const { page } = panel;
    await page.getByRole('tab', { name: 'Two methods' }).click();
    await page.getByLabel('Second method').selectOption('alti-logit');
    const { tokens } = await explain({ ...question(text), ...chooseMethod('alti-logit') });
    const expected = disagreements(given.tokens, tokens);
    const count = expected.filter((one) => one).length;
    assert.ok(count > 0 && count < tokens.length);
    await page.getByText(`Hatched (${count}):`).waitFor();
    for (const method of ['integrated gradients', 'ALTI-Logit']) {
      const names = await page
        .locator(`section[aria-label="${method}"] svg .item`)
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!));
      assert.deepEqual(
        names.map((name) => name.includes('opposite sign')),
        expected,
      );
    }
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-hatched-${theme}.png`),
      fullPage: true,
    });
    await page.getByRole('button', { name: 'CSV' }).click();
    const [file] = await saved(panel, 1);
    const marked = String(file!.data).match(/×/g) ?? [];
    assert.equal(marked.length, count);
  }
});

test('segments are shown and compared as wholes, with how far they can be believed', async () => {
  const lines = 'The garden is full of roses.\nParis is the capital of France.\nLondon is the capital of';
  const choice = chooseMethod('segments', { segments: 'lines', removal: 'mask' });
  const bySegments = await explain({ ...question(lines), ...choice });
  const byToken = await explain({ ...question(lines), ...chooseMethod('lime', { removal: 'mask' }) });
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'zh-cn'],
  ] as const) {
    const about = () => givenOf(bySegments, lines);
    const panel = await open(theme, language, contentOf(bySegments, lines), {}, about);
    const { page } = panel;
    const names = await barNamesOf(panel, { length: 3 });
    for (const [line, { score }] of bySegments.segments!.entries()) {
      assert.ok(names[line]!.includes(numbers.signed(score)), `${names[line]}`);
    }
    await page.getByText('rank correlation').first().waitFor();
    await page.getByRole('tab', { name: language === 'en' ? 'Two methods' : '两种方法' }).click();
    await page.getByLabel(language === 'en' ? 'Second method' : '第二种方法').selectOption('lime');
    await eventually(async () => {
      const compared = await barNames(panel);
      for (const { first, count } of bySegments.segments!) {
        const sum = byToken.tokens.slice(first, first + count).reduce((total, { score }) => total + score, 0);
        assert.ok(compared.join().includes(numbers.signed(sum)), `${sum}: ${compared}`);
      }
    });
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-segments-${theme}.png`),
    });
    await page.getByRole('tab', { name: language === 'en' ? 'Bars' : '条形' }).click();
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-segments-bars-${theme}.png`),
    });
  }
});

test('layers × tokens: a method that tells layers apart has a map whose columns sum to the bars', async () => {
  const byLayers = await explain({ ...question(text), method: 'direct-logit' });
  const panel = await open('light', 'en', contentOf(byLayers, text), {}, () => givenOf(byLayers));
  const { page } = panel;
  await page.getByRole('tab', { name: 'Layers × tokens' }).click();
  await page.locator('.heatMap canvas').waitFor();
  await page.getByRole('button', { name: 'JSON' }).click();
  const [file] = await saved(panel, 1);
  const { rowNames, contributions } = JSON.parse(String(file!.data)) as {
    rowNames: string[];
    contributions: number[];
  };
  const n = byLayers.tokens.length;
  assert.equal(rowNames.length, 1 + byLayers.layers!.rows);
  for (const [column, { score }] of byLayers.tokens.entries()) {
    const below = rowNames.slice(1).reduce((sum, _, row) => sum + contributions[(row + 1) * n + column]!, 0);
    assert.ok(Math.abs(below - score) < 1e-4, `${below} ${score}`);
    assert.ok(Math.abs(contributions[column]! - score) < 1e-4);
  }
  assert.equal(rowNames[4], 'attention 1');
  assert.deepEqual(
    contributions.slice(4 * n, 5 * n),
    Array.from(byLayers.layers!.contributions.slice(3 * n, 4 * n)),
  );
  assert.deepEqual(await seriousFindings(page), []);
  await page.screenshot({
    path: path.join(root, 'test/screenshots/attribution-panel-layers.png'),
    fullPage: true,
  });
});

test('a bar that is pressed is removed by every operator: what it claims beside what the prediction loses', async () => {
  const token = given.tokens.findIndex(({ text: one }) => one === ' London');
  const asked = { ...question(text), tokens: [token], seed: 0 };
  const { value, without } = await engine.remove(asked, Run.detached());
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'zh-cn'],
  ] as const) {
    const panel = await open(theme, language);
    const { page } = panel;
    await page.locator('[role=tabpanel] svg .item').nth(token).click();
    await barNamesOf(panel, { length: 1 + without.length });
    const told = (await barNames(panel)).map((name) => name!.split(/: /).at(-1)!.split(' ')[0]);
    const losses = without.map((one) => (Math.abs(value - one.value) < 1e-5 ? 0 : value - one.value));
    assert.deepEqual(
      told,
      [given.tokens[token]!.score, ...losses].map((one) => numbers.signed(one)),
    );
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-removal-${theme}.png`),
      fullPage: true,
    });
  }
});

test('how far to believe it: the curves and what is measured, as the engine says', async () => {
  const { receipt, tokens } = explanation;
  const params = {
    ...question(text),
    ...{ scores: tokens.map(({ score }) => score), removals: ['baseline' as const, 'mask' as const] },
    ...{ others: [], otherBaselines: false, evidenceSeed: 0 },
  };
  const { removals } = await engine.evidence(params, Run.detached());
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'zh-cn'],
    ['highContrast', 'en'],
    ['highContrastLight', 'zh-cn'],
  ] as const) {
    const panel = await open(theme, language);
    const { page } = panel;
    await page.getByRole('tab').last().click();
    // All is known once the last of what it agrees with is there: the method from the other baselines.
    await page.getByText('integrated gradients, the embedding of <|endoftext|>').waitFor();
    const shares = removals.flatMap(({ comprehensiveness, sufficiency }) =>
      [comprehensiveness, sufficiency].map(({ normalised }) => `${Math.round(100 * normalised!)}%`),
    );
    const said = (await page.getByRole('tabpanel').textContent())!;
    for (const share of shares) assert.ok(said.includes(share), `${share}: ${said}`);
    for (const { lds } of removals) assert.ok(said.includes(numbers.short(lds!.value!)), said);
    assert.equal(await page.locator('section[aria-label] tbody tr').count(), 5);
    assert.deepEqual(await seriousFindings(page), []);
    // Each heading ends before the next picture begins, also beside a text, where there is little room.
    await page.setViewportSize({ width: 560, height: 900 });
    await eventually(async () => {
      const headings = await page
        .locator('[role=tabpanel] svg text[font-weight="600"]')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
      assert.equal(headings.length, 2 * removals.length);
      for (const [at, { right, top }] of headings.entries()) {
        const next = headings[at + 1];
        assert.ok(
          right < 560 && (!next || next.top !== top || right < next.left),
          `${language} ${at}: ${right}`,
        );
      }
    });
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-evidence-${theme}.png`),
      fullPage: true,
    });
  }
  assert.equal(receipt.method, 'integrated-gradients');
});

test('other choices: the same question under each of them, and what stays the same', async () => {
  const panel = await open();
  const { page } = panel;
  await page.getByRole('tab', { name: 'Other choices' }).click();
  await page.getByText(/among the three strongest under every choice/i).waitFor();
  await page.getByRole('button', { name: 'JSON' }).click();
  const [file] = await saved(panel, 1);
  const { choices } = JSON.parse(String(file!.data)) as { choices: { name: string; scores: number[] }[] };
  assert.deepEqual(
    choices.map(({ name }) => name),
    [
      ...['zero embeddings', 'the mean embedding', 'the embedding of <|endoftext|>'].map(
        (one) => `baseline: ${one}`,
      ),
      ...['replaced by zero embeddings', 'hidden from the others', 'left out of the text'].map(
        (one) => `each token ${one}`,
      ),
      'each token written anew by the model',
      ...[
        'logit of the target − logit of the foil',
        'logit of the target',
        'log-probability of the target',
      ].map((one) => `explained: ${one}`),
      'explained: probability of the target',
    ],
  );
  const own = given.tokens.map(({ score }) => score);
  for (const at of [0, 7]) {
    for (const [token, score] of choices[at]!.scores.entries())
      assert.ok(Math.abs(score - own[token]!) < 0.02, `${choices[at]!.name} ${token}`);
  }
  const masked = await explain({ ...question(text), ...chooseMethod('occlusion', { removal: 'mask' }) });
  for (const [token, { score }] of masked.tokens.entries())
    assert.ok(Math.abs(choices[4]!.scores[token]! - score) < 1e-3);
  assert.deepEqual(await seriousFindings(page), []);
  await page.screenshot({
    path: path.join(root, 'test/screenshots/attribution-panel-choices.png'),
    fullPage: true,
  });
});

test('what the editor wants removed is removed once; another token can be chosen on the page', async () => {
  const content = contentOf(explanation, text);
  const panel = await open('light', 'en', { ...content, removing: { token: 3, asked: 5 } });
  const { page } = panel;
  const chosen = page.getByLabel('Removed');
  await eventually(async () => assert.equal(await chosen.inputValue(), '3'));
  await barNamesOf(panel, { length: 5 });
  await chosen.selectOption({ index: 7 });
  const { score } = given.tokens[7]!;
  await page.getByLabel(`integrated gradients says: ${numbers.signed(score)}`).waitFor();
  await page.getByRole('tab', { name: 'Bars' }).click();
  await showsScores(panel);
  // Told again, it is not asked for again.
  await panel.show({ ...content, removing: { token: 3, asked: 5 } });
  await showsScores(panel);
  await panel.show({ ...content, removing: { token: 2, asked: 6 } });
  await eventually(async () => assert.equal(await chosen.inputValue(), '2'));
});

for (const [theme, language] of [
  ['light', 'en'],
  ['dark', 'zh-cn'],
] as const) {
  test(`heads and MLPs: a map whose parts sum up to f(x), in ${theme} and ${language}`, async () => {
    const byParts = await explain({ ...question(text), method: 'direct-logit' });
    const panel = await open(theme, language, contentOf(byParts, text), {}, () => givenOf(byParts));
    const { page } = panel;
    await page.getByRole('tab', { name: language === 'en' ? 'Heads and MLPs' : '头与 MLP' }).click();
    await page.locator('.heatMap canvas').waitFor();
    await page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-heads-${theme}.png`),
    });
    await page.getByRole('button', { name: 'JSON' }).click();
    const [file] = await saved(panel, 1);
    const { embedding, heads, mlps, biases } = JSON.parse(String(file!.data)) as {
      embedding: number;
      heads: number[][];
      mlps: number[];
      biases: number;
    };
    const { components, value } = byParts;
    assert.deepEqual([heads.flat(), mlps], [[...components!.heads], [...components!.mlps]]);
    const sum = [...heads.flat(), ...mlps].reduce((total, part) => total + part, embedding + biases);
    assert.ok(Math.abs(sum - value) < 1e-3, `${sum} ${value}`);
    if (language !== 'en') return;
    // Each cell is read out with its name: the first layer's MLP is the last of its row.
    await page.locator('.heatMap .map').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await page
      .getByText(/^layer 0, MLP: /)
      .first()
      .waitFor();
  });
}

test('layers are asked for again when the syntax nodes are known', async () => {
  const byLayers = await explain({ ...question(text), method: 'direct-logit' });
  const content = contentOf(byLayers, text);
  const shown = { ...givenOf(byLayers), groups: { ...content.groups } };
  let asked = 0;
  const about = () => {
    asked += 1;
    return shown;
  };
  const panel = await open('light', 'en', content, {}, about);
  const { page } = panel;
  await page.getByRole('tab', { name: 'Layers × tokens' }).click();
  await page.getByLabel('Granularity').selectOption({ label: 'syntax nodes' });
  await page.locator('.held:not(.older) .heatMap').waitFor();
  shown.groups.syntax = [
    { tokens: [0, 1], score: 0 },
    { tokens: shown.tokens.slice(2).map((_, token) => token + 2), score: 0 },
  ];
  const before = asked;
  await panel.show({ ...content, groups: { ...shown.groups } });
  await eventually(() => assert.equal(asked, before + 1));
  await page.locator('.held:not(.older) .heatMap').waitFor();
  assert.equal(asked, before + 1);
});

test('a long text has as many bars as can be drawn, the weakest as one, by two methods too', async () => {
  const content = contentOf(explanation, text);
  const count = 400;
  const scores = Array.from({ length: count }, (_, token) => (token % 2 ? -1 : 1) * (1 + token / count));
  content.tokens = scores.map((score, token) => ({ text: `t${token} `, score }));
  content.groups.token = scores.map((score, token) => ({ tokens: [token], score }));
  const asked = Promise.withResolvers<AnswerOf<AttributionPanel, 'compare'>>();
  const panel = await open('light', 'en', content, { compare: () => asked.promise });
  const items = (selector: string) => panel.page.locator(`${selector} svg .item`);
  await panel.page.locator('[role=tabpanel] svg').waitFor();
  assert.match((await barNamesOf(panel, { length: 256 })).at(-1)!, /^145 other tokens: /);
  await panel.page.getByRole('tab', { name: 'Two methods' }).click();
  const other = {
    standardErrors: null,
    signed: true,
    correlation: 1,
    ofMagnitudes: false,
    remarks: [],
    receipt: [],
  };
  asked.resolve({ ...other, scores: scores.map((score) => 2 * score) });
  const section = 'section[aria-label="gradient norm"]';
  await panel.page.locator(`${section} svg`).waitFor();
  await eventually(async () => assert.equal(await items(section).count(), 256));
  // The sum is kept by both.
  const rest = scores.toSorted((a, b) => Math.abs(b) - Math.abs(a)).slice(255);
  const sum = rest.reduce((total, score) => total + 2 * score, 0);
  await eventually(async () =>
    assert.equal(
      await items(section).last().getAttribute('aria-label'),
      `145 other tokens: ${numbers.signed(sum)}`,
    ),
  );
});

test('a long text is shown by its lines, and a line’s tokens when it is pressed; the sum is kept', async () => {
  const content = contentOf(explanation, text);
  const [lines, each] = [20, 12];
  const scores = Array.from({ length: lines * each }, (_, token) => Math.sin(token));
  content.tokens = scores.map((score, token) => ({ text: `t${token} `, score }));
  content.groups.token = scores.map((score, token) => ({ tokens: [token], score }));
  content.groups.line = Array.from({ length: lines }, (_, line) => {
    const tokens = Array.from({ length: each }, (_, place) => line * each + place);
    return { tokens, score: tokens.reduce((sum, token) => sum + scores[token]!, 0) };
  });
  const panel = await open('light', 'en', content);
  const { page } = panel;
  const [first] = await barNamesOf(panel, { length: lines });
  assert.match(first!, /t0 t1 .* t11 .*Press to show its tokens\.$/);
  await page.locator('[role=tabpanel] svg .item').nth(2).click();
  const names = await barNamesOf(panel, { length: lines - 1 + each });
  assert.match(names[2]!, /^t24 : .*Press to show its line as one\.$/);
  await page.getByRole('tab', { name: 'Waterfall' }).click();
  await barNamesOf(panel, { length: lines - 1 + each });
  await page.locator('[role=tabpanel] svg .item').nth(5).click();
  await barNamesOf(panel, { length: lines });
  await page.getByLabel('Granularity').selectOption({ label: 'tokens' });
  await barNamesOf(panel, { length: lines * each });
});

test('a malformed message changes nothing; a malformed partial answer ends the question on both sides', async () => {
  const panel = await open('light', 'en', contentOf(explanation, text), {
    repeat: (_, { report }) => {
      report({ milliseconds: 'soon' } as never);
      return new Promise(() => {});
    },
  });
  await panel.page.locator('[role=tabpanel] svg').waitFor();
  await panel.post({ type: 'show', number: 7, locale: 'en', labels: {}, content: { title: 'none' } });
  // What comes behind it is obeyed, so it has been read.
  await panel.post({ type: 'pointed', content: 1, token: 2 });
  await panel.page.locator('.item.marked').first().waitFor();
  await panel.page.locator('svg .item[role=button]').nth(3).click();
  await lastOrder(panel, { kind: 'target', token: 3 });
  // About what is on the screen, which has not become the seventh.
  assert.equal(panel.sent.at(-1)!.content, 1);
  await panel.page.getByRole('button', { name: 'Repeat' }).click();
  await panel.page.locator('output', { hasText: 'Invalid key' }).waitFor();
  await eventually(() => assert.equal(panel.sent.filter(({ type }) => type === 'drop').length, 1));
});

test('fits into a narrow panel, whatever is shown', async () => {
  const { page } = await open();
  await page.setViewportSize({ width: 300, height: 800 });
  for (const name of ['Bars', 'Waterfall', 'Two methods']) {
    await page.getByRole('tab', { name }).click();
    if (name === 'Two methods') await page.getByText(/Rank correlation/).waitFor();
    await page.waitForFunction(() => document.documentElement.scrollWidth === 300);
  }
});

test('the receipt is repeated: the same scores', async () => {
  const panel = await open();
  await panel.page.getByRole('button', { name: 'Repeat' }).click();
  const again = panel.page.getByText(/Computed again in [\d,]+ ms: the/);
  await again.waitFor();
  const [, difference = '0'] = /at most ([\d.E-]+);|same scores/.exec((await again.textContent())!)!;
  assert.ok(Number(difference) < 1e-4, difference);
  const near = { milliseconds: 7, difference: 0.000012, largest: 2.7274, sameModel: true };
  const other = await open('light', 'en', undefined, { repeat: async () => near });
  await other.page.getByRole('button', { name: 'Repeat' }).click();
  const said = 'Computed again in 7 ms: the scores differ by at most 1.20E-5; the largest score is 2.73.';
  await other.page.getByText(said).waitFor();
});

test('exports carry the numbers, and hostile tokens as text', async () => {
  const content = contentOf(explanation, text);
  content.tokens[0]!.text = hostile;
  const panel = await open('light', 'en', content);
  await panel.page.locator('[role=tabpanel] svg').waitFor();
  assert.equal(await panel.page.evaluate('window.hacked'), undefined);
  assert.equal(await panel.page.locator('img').count(), 0);
  for (const name of ['SVG', 'PNG', 'HTML', 'CSV', 'JSON']) {
    await panel.page.getByRole('button', { name, exact: true }).click();
  }
  await panel.page.getByRole('button', { name: 'Copy as Markdown' }).click();
  const files = new Map((await saved(panel, 5)).map((m) => [m.extension, String(m.data)]));
  const json = JSON.parse(files.get('json')!) as Attributions;
  assert.deepEqual(
    json.tokens.map(({ score }) => score),
    content.tokens.map(({ score }) => score),
  );
  const rows = files.get('csv')!.trim().split('\r\n');
  assert.equal(rows.length, 1 + content.tokens.length);
  assert.equal(Number(rows.at(-1)!.split(',').at(-2)), content.tokens.at(-1)!.score);
  assert.doesNotMatch(files.get('svg')!, /<img|<script/);
  const isImage = await panel.page.evaluate((svg) => {
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    return parsed.querySelector('parsererror') === null && parsed.documentElement.localName === 'svg';
  }, files.get('svg')!);
  assert.ok(isImage);
  assert.equal(Buffer.from(files.get('png')!, 'base64').subarray(1, 4).toString(), 'PNG');
  const acting = await panel.page.evaluate((html) => {
    const page = new DOMParser().parseFromString(html, 'text/html');
    return page.querySelectorAll('script, img, link, iframe, [src], [href], [onerror], [onload]').length;
  }, files.get('html')!);
  assert.equal(acting, 0);
  await eventually(() =>
    assert.match(String(panel.sent.find(({ type }) => type === 'copy')!.text), /\\<img/),
  );
  const markdown = String(panel.sent.find(({ type }) => type === 'copy')!.text);
  const marked = markdown.split('\n').find((line) => line.startsWith('<p>'))!;
  assert.match(marked, /<b>[^<]+<\/b><sup>\+[\d.]+<\/sup>/);
  assert.doesNotMatch(marked, /<img|<script/);
  assert.match(markdown, /\n- Bold: spoke for/);
});

test('a picture in a file is the same whatever the theme and the panel’s width, and says all that it shows', async () => {
  const files = async (theme: Theme, width: number) => {
    const panel = await open(theme);
    await panel.page.setViewportSize({ width, height: 900 });
    for (const [index, name] of ['Bars', 'Waterfall', 'Two methods'].entries()) {
      await panel.page.getByRole('tab', { name }).click();
      if (name === 'Two methods') await panel.page.getByText(/Rank correlation/).waitFor();
      await panel.page.getByRole('button', { name: 'SVG' }).click();
      await saved(panel, index + 1);
    }
    return (await saved(panel, 3)).map(({ data, name }) => ({ data: String(data), name: String(name) }));
  };
  const [narrow, wide] = [await files('dark', 300), await files('light', 1000)];
  assert.deepEqual(
    narrow.map(({ data }) => data),
    wide.map(({ data }) => data),
  );
  const [bars, falls, both] = wide as [(typeof wide)[0], (typeof wide)[0], (typeof wide)[0]];
  for (const { data } of wide) {
    assert.match(data, /fill="#ffffff"/);
    assert.match(data, /Solid: spoke for/);
    assert.match(data, /Unit of contributions and sums: nats of logit/);
    assert.match(data, /integrated gradients/);
    assert.doesNotMatch(data, />Why[^<]*…/);
  }
  assert.match(falls.data, />f\(baseline\): with zero embeddings = [-\d.]+</);
  assert.match(falls.data, />f\(x\) = [-\d.]+</);
  assert.match(both.data, /font-weight="600"[^>]*>integrated gradients</);
  assert.match(bars.name, /^why-.+-and-not-.+-bars-integrated-gradients$/);
  assert.match(falls.name, /-waterfall-integrated-gradients$/);
  for (const [index, name] of ['bars', 'waterfall', 'two-methods'].entries()) {
    await pictureOf(wide[index]!.data, `export-${name}`);
  }
});

/** As somebody sees it who opens the file. */
async function pictureOf(svg: string, name: string): Promise<void> {
  const page = await browser.newPage();
  await page.setContent(svg);
  const folder = path.join(root, 'test/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.locator('svg').screenshot({ path: path.join(folder, `${name}.png`) });
  await page.close();
}

test('after a reload without its text it has nothing of it, and asks nothing', async () => {
  let asked = 0;
  const panel = await open('light', 'en', undefined, {}, () => {
    asked += 1;
    return given;
  });
  const { page } = panel;
  await page.getByRole('tab', { name: 'Two methods' }).click();
  await page.getByText(/Rank correlation/).waitFor();
  await page.getByRole('tab', { name: 'Bars' }).click();
  await page.getByLabel('Granularity').selectOption({ label: 'words' });
  panel.forget();
  const before = asked;
  await page.reload();
  await panel.use('light');
  await page.getByText('Nothing yet').waitFor();
  assert.equal(asked, before);
  const kept = JSON.parse(await keptBy(page));
  assert.deepEqual([kept.granularity, kept.content, kept.options], ['word', undefined, undefined]);
  for (const token of given.tokens.filter(({ text }) => /\w{4}/.test(text)))
    assert.ok(!JSON.stringify(kept).includes(token.text.trim()), token.text);
});

test('without anything explained it says so', async () => {
  const { page } = await open('light', 'en', null as never);
  await page.getByText('Nothing yet').waitFor();
});

for (const theme of themes) {
  test(`looks right in ${theme}, and axe finds nothing serious`, async () => {
    const panel = await open(theme);
    await panel.page.locator('[role=tabpanel] svg').waitFor();
    assert.deepEqual(await seriousFindings(panel.page), []);
    await panel.page.getByRole('tab', { name: 'Waterfall' }).click();
    await panel.page.screenshot({
      path: path.join(root, `test/screenshots/attribution-panel-${theme}.png`),
      fullPage: true,
    });
    await panel.page.getByRole('tab', { name: 'Two methods' }).click();
    await panel.page.getByText(/Rank correlation/).waitFor();
    assert.deepEqual(await seriousFindings(panel.page), []);
  });
}

test('speaks Chinese', async () => {
  const panel = await open('light', 'zh-cn');
  await panel.page.getByRole('tab', { name: '两种方法' }).click();
  await panel.page.getByText(/秩相关/).waitFor();
  // Side by side, however long what is said of each.
  const tops = await panel.page
    .locator('.sideBySide > section')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  assert.ok(tops.length === 2 && tops[0] === tops[1], tops.join());
  await panel.page.screenshot({
    path: path.join(root, 'test/screenshots/attribution-panel-chinese.png'),
    fullPage: true,
  });
});

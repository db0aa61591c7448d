/** The probabilities panel's page by itself, answered by the real engine on the bundled model. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/project.ts';
import { probabilitiesAnswers, type Strip } from '../../src/host/panel/probabilities/answers.ts';
import { labels } from '../../src/host/panel/probabilities/labels.ts';
import { Run } from '../../src/inference/run.ts';
import { type Engine, openEngine } from '../../src/inference/serve/engine.ts';
import { type ProbabilitiesPanel, probabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { bandOf } from '../../src/text/rankBand.ts';
import { wordsOf } from '../../src/text/words.ts';
import { seriousFindings } from '../harness/axe.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { hostEngine } from '../harness/hostEngine.ts';
import { keptBy, openPanelPage, type PageHost, type PanelPage, themes } from '../harness/panelPage.ts';
import { checkTabStops } from '../harness/tabStops.ts';

const modelDir = path.join(root, 'models', 'tiny-gpt2');
const text =
  'The model reads the text from the left to the right. After each token it says how probable every other token is, and the next one is drawn from that.';
const hostile = 'if </text></svg><img src=x onerror="window.hacked=1"> \u202eevil\u001b[2J {0} then';
const screenshots = path.join(root, 'test', 'screenshots');

let engine: Engine;
before(() => {
  engine = openEngine();
});
after(() => engine.dispose());

const sampling = { temperature: 0.8, topK: 40, topP: 0.95 };
const content = { reading: 1, isCurrent: true, sampling, repetitionPenalty: 1 };

type Host = PageHost<ProbabilitiesPanel>;

interface Shown extends Partial<Pick<Host, 'theme' | 'language' | 'content' | 'before'>> {
  shown?: string;
  bos?: boolean;
  /** Where the strip begins. */
  from?: number;
  model?: string;
}

interface Opened extends PanelPage<ProbabilitiesPanel>, AsyncDisposable {
  /** The names of the questions, as they came. */
  asked: string[];
}

async function open({
  shown = text,
  bos = true,
  from = 0,
  model = modelDir,
  before: hold,
  ...host
}: Shown = {}): Promise<Opened> {
  const browser: BrowserWindow = await openBrowser({ viewport: { width: 900, height: 1000 } });
  const params = { modelDir: model, text: shown, bos };
  const asked: string[] = [];
  let strip: Strip | null = null;
  const answers = probabilitiesAnswers(hostEngine(engine), {
    text: () => ({ params, range: { start: from, end: shown.length } }),
    strip: () => strip,
    keep: (_, read) => {
      strip = read;
    },
  });
  const before: Host['before'] = (name, question, call) => {
    asked.push(name);
    return hold?.(name, question, call);
  };
  const panel = await openPanelPage(browser.page, {
    ...{ entry: 'probabilities', protocol: probabilitiesPanel, labels, content, answers, before },
    ...host,
  });
  return { ...panel, asked, [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose]() };
}

const stripItem = (page: Page, item: number) => page.locator(`.strip [data-item="${item}"]`);
const bars = (page: Page) => page.locator('#tab-panel svg.picture [data-item]');
const barNames = (page: Page, which = '#tab-panel svg.picture [data-item]') =>
  page.locator(which).evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')!));
const lensTab = (page: Page) => page.getByRole('tab', { name: 'Logit lens' });
const scores = (top: number, bos = true) =>
  engine.score({ modelDir, text, bos, range: null, top, stride: null }, Run.detached());

/** What an export button of the open table sends. */
async function exported(panel: PanelPage, table: RegExp, kind: string): Promise<string> {
  const details = panel.page.locator('details', { hasText: table });
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  const before = panel.sent.length;
  await details.getByRole('button', { name: kind, exact: true }).click();
  const { data, extension } = await eventually(() => {
    // The pointer left what it was on before: that is said too.
    const saved = panel.sent.slice(before).find(({ type }) => type === 'save');
    assert.ok(saved, `nothing is saved as ${kind}`);
    return saved as Record<string, string>;
  });
  assert.equal(extension, kind.toLowerCase());
  return data!;
}

test('the strip: every token with its rank, and how many each band has', async () => {
  await using panel = await open();
  const { page } = panel;
  await stripItem(page, 0).waitFor();
  const { tokens } = await scores(1);
  const names = await page
    .locator('.strip [data-item]')
    .evaluateAll((all) => all.map((item) => item.getAttribute('aria-label')!));
  assert.equal(names.length, tokens.length + 1);
  for (const [place, { text: token, rank }] of tokens.entries()) {
    assert.ok(names[place]!.startsWith(`"${token}": rank ${rank!.toLocaleString('en')}, `), names[place]);
  }
  assert.match(names.at(-1)!, /end of the text/);
  const counts = [0, 1, 3, 5, 7].map((level) => tokens.filter(({ rank }) => bandOf(rank!) === level).length);
  const told = await page.locator('.bands li').allInnerTexts();
  assert.deepEqual(
    told.slice(0, 5).map((line) => Number(/: (\d+) tokens/.exec(line)![1])),
    counts,
  );
  // The space in front of a word belongs to its token: it is drawn.
  const widths = await page
    .locator('.strip svg > text')
    .evaluateAll((all) => all.slice(0, 2).map((one) => (one as SVGTextElement).getComputedTextLength()));
  assert.ok(widths[1]! > 1.8 * widths[0]!, `"The" and " model" are ${widths} wide`);
  const fills = await page
    .locator('.strip svg > rect:not(.item)')
    .evaluateAll((all) => all.map((rect) => rect.getAttribute('fill')));
  for (const [place, { rank }] of tokens.entries()) {
    assert.equal(fills[place] === 'none', rank === 1, `fill of token ${place}`);
  }
});

test('the strip’s table has the surprisal of whole words, on their first tokens', async () => {
  await using panel = await open();
  const { page } = panel;
  await stripItem(page, 0).waitFor();
  const { tokens, wordEnd } = await scores(1);
  const [header, ...rows] = (await exported(panel, /Table and export: The text/, 'CSV'))
    .split('\n')
    .filter((line) => /^\d|^Position/.test(line));
  assert.match(header!, /Surprisal of the word, corrected for where words end \(bits\)/);
  const words = new Map(wordsOf(tokens, wordEnd).map(({ first, logProb }) => [first, -logProb! / Math.LN2]));
  assert.ok(words.size > 1 && words.size <= tokens.length);
  assert.equal(rows.length, tokens.length);
  for (const [place, row] of rows.entries()) {
    const shown = row.trim().split(',').at(-1)!;
    if (!words.has(place)) assert.equal(shown, '');
    else assert.ok(Math.abs(Number(shown) - words.get(place)!) < 0.01, `${row}: ${words.get(place)}`);
  }
});

test('the whole text at a glance: ranks by band and entropies by bit are those that the engine tells', async () => {
  await using panel = await open();
  const { page } = panel;
  await page.getByText('The whole text: ranks and entropies').click();
  const countsIn = async (title: string) => {
    const items = page.getByRole('group', { name: title }).locator('[data-item]');
    const names = await items.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!));
    return names.map((item) => Number(/: (\d+) tokens, /.exec(item)![1]));
  };
  await page.locator('.histogram svg.picture').nth(1).waitFor();
  const { tokens } = await scores(1);
  const ends = [0, 1, 10, 100, 1000, Number.POSITIVE_INFINITY];
  const inBand = (band: number) =>
    tokens.filter(({ rank }) => rank! > ends[band]! && rank! <= ends[band + 1]!).length;
  assert.deepEqual(await countsIn('Tokens by their rank'), [0, 1, 2, 3, 4].map(inBand));
  const bits = tokens.map(({ entropy }) => entropy! / Math.LN2);
  const inBin = (_: unknown, bin: number) => bits.filter((value) => Math.floor(value) === bin).length;
  assert.deepEqual(
    await countsIn('Tokens by the entropy of their prediction, in bits'),
    Array.from({ length: Math.floor(Math.max(...bits)) + 1 }, inBin),
  );
  const surprisal = tokens.reduce((sum, { logProb }) => sum - logProb! / Math.LN2, 0) / tokens.length;
  await page.getByText(`Mean surprisal: ${surprisal.toFixed(1)}`).waitFor();
  mkdirSync(screenshots, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    await panel.use(theme);
    const file = `probabilities-panel-histograms-${theme}.png`;
    await page.screenshot({ path: path.join(screenshots, file), fullPage: true });
  }
});

test('the pieces of a character have different names in the strip, the heading, the bars and the lens', async () => {
  await using panel = await open({ shown: '# 读我\n\n中国 and the 国家 👩\u200d💻 text' });
  const { page } = panel;
  await stripItem(page, 0).waitFor();
  const names = await barNames(page, '.strip [data-item]');
  const pieces = names.filter((name) => /^"[^"]* \d\/\d"/.test(name)).length;
  assert.ok(pieces >= 15, names.join('\n'));
  const second = names.findIndex((name) => name.startsWith('"国 2/'));
  await stripItem(page, second).click();
  await page.getByRole('heading', { name: /^After ".*中 · 国 1\/\d"$/ }).waitFor();
  await page.getByText(/The text goes on with "国 2\/\d"/).waitFor();
  assert.equal(new Set((await barNames(page)).map((name) => name.split(': ')[0])).size, 22);
  await bars(page).first().click();
  await page.getByText('nothing can be generated or explained from inside a character').waitFor();
  assert.equal(await page.locator('.actions button').count(), 0);
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, 'probabilities-panel-pieces.png'), fullPage: true });
  await lensTab(page).click();
  await page.locator('.map > canvas').waitFor();
  await page.screenshot({
    path: path.join(screenshots, 'probabilities-panel-pieces-lens.png'),
    fullPage: true,
  });
  const table = await exported(panel, /Table and export: Top token/, 'CSV');
  assert.match(table, /国 1\/\d/);
  for (const shown of [...(await page.locator('body').allTextContents()), table])
    assert.doesNotMatch(shown, /\ufffd/);
});

test('the distribution of the token that is pressed, as the model gives it and as it is drawn from', async () => {
  await using panel = await open({
    content: { ...content, sampling: { temperature: 1, topK: 10, topP: 1 } },
  });
  const { page } = panel;
  await stripItem(page, 8).click();
  const { tokens } = await scores(20);
  const { rank, top, text: actual } = tokens[8]!;
  await page.getByRole('heading', { name: 'After "The model reads the text from the"' }).waitFor();
  await page.getByText(`The text goes on with "${actual}": rank ${rank}, `).waitFor();
  const shown = JSON.parse(await exported(panel, /Table and export: After/, 'JSON'));
  const listed = shown.candidates.slice(0, 20);
  assert.deepEqual(
    listed.map(({ id }: { id: number }) => id),
    top.map(({ id }) => id),
  );
  // At temperature 1 the ten that are left share what the others had.
  const kept = top.slice(0, 10).reduce((sum, { probability }) => sum + probability, 0);
  for (const [place, { probability }] of top.entries()) {
    const drawn = place < 10 ? probability / kept : 0;
    assert.ok(Math.abs(listed[place].probability - probability) < 1e-6);
    assert.ok(Math.abs(listed[place].drawn - drawn) < 1e-6, `drawn ${place}`);
  }
  const names = await barNames(page);
  assert.equal(names.length, 22);
  assert.match(names[9]!, /^".*": [\d.]+% for the model, [\d.]+% as drawn, rank 10$/);
  assert.match(names[10]!, /, cut off as drawn, rank 11$/);
  assert.match(names[20]!, new RegExp(`^"${actual}": .*rank ${rank}; in the text$`));
  assert.match(names[21]!, /^4,075 more tokens: \d+% for the model, cut off as drawn$/);
  const all = [...shown.candidates, shown.tail];
  const sum = all.reduce((total, { probability }: { probability: number }) => total + probability, 0);
  assert.ok(Math.abs(sum - 1) < 1e-6, `sum ${sum}`);
  await page.getByText('10 of 4,096 tokens can be drawn.').waitFor();
  // Cut off: an outline with dashes, and nothing in it.
  const cut = page.locator('#tab-panel svg.picture > rect[stroke-dasharray]:not(.item)');
  assert.equal(await cut.count(), 12);
  assert.deepEqual(
    new Set(await cut.evaluateAll((all) => all.map((bar) => bar.getAttribute('fill')))),
    new Set(['none']),
  );
  // What the two percentages of a bar are, on the page and in files.
  await page.locator('#tab-panel svg.picture text', { hasText: 'model → as drawn' }).waitFor();
});

test('the sliders redraw at once, by keyboard too, and go back to the settings', async () => {
  await using panel = await open();
  const { page } = panel;
  const topK = page.getByRole('slider', { name: 'Top-k' });
  await page.getByText(/of 4,096 tokens can be drawn/).waitFor();
  assert.equal(await topK.getAttribute('aria-valuetext'), '40');
  await page.getByRole('slider', { name: 'Top-p' }).focus();
  await page.keyboard.press('End');
  await topK.focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByText('39 of 4,096 tokens can be drawn.').waitFor();
  await page.keyboard.press('Home');
  await page.getByText('4,096 of 4,096 tokens can be drawn.').waitFor();
  assert.equal(await topK.getAttribute('aria-valuetext'), 'all');
  await page.getByRole('slider', { name: 'Temperature' }).focus();
  await page.keyboard.press('Home');
  await page.getByText('1 of 4,096 tokens can be drawn.').waitFor();
  assert.match((await barNames(page))[0]!, /, 100% as drawn, rank 1/);
  await page.getByRole('button', { name: 'Reset' }).click();
  await eventually(async () => {
    assert.equal(await topK.inputValue(), '40');
    assert.equal(await page.getByRole('button', { name: 'Reset' }).isDisabled(), true);
  });
});

test('each picture is one stop of Tab', async () => {
  await using panel = await open();
  const { page } = panel;
  await bars(page).nth(5).waitFor({ state: 'attached' });
  await checkTabStops(page);
  await lensTab(page).click();
  await page.getByText(/The output is at the top/).waitFor();
  await checkTabStops(page);
});

test('what can be asked and done with an alternative, by keyboard', async () => {
  await using panel = await open();
  const { page, sent } = panel;
  await stripItem(page, 0).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await eventually(() => assert.deepEqual(sent.at(-1), { type: 'point', content: 1, token: 2 }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'After "The model"' }).waitFor();
  const orders = () => sent.filter(({ type }) => type === 'order').map(({ order }) => order);
  const next = await engine.distribution(
    { modelDir, text, bos: true, at: { kind: 'token', index: 2 }, top: 2, ...sampling, without: [] },
    Run.detached(),
  );
  const { id, text: alternative } = next.candidates[1]!;
  await page.getByText(/^The text goes on with " re/).waitFor();
  await bars(page).first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  // It has the focus now.
  await page.locator('.actions button:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Replace from Here…' }).click();
  await page.getByRole('button', { name: 'Why Not This One?' }).click();
  await eventually(() =>
    assert.deepEqual(orders(), [
      { kind: 'continue', at: 2, alternative: { id, text: alternative } },
      { kind: 'replace', at: 2, alternative: { id, text: alternative } },
      { kind: 'why', at: 2, foil: id },
    ]),
  );
  // The one that stands there is what is explained; nothing is put in its own place.
  await page.locator('#tab-panel [data-item][aria-label$="in the text"]').click();
  await page.getByRole('button', { name: 'Why This One?' }).click();
  await eventually(() => assert.deepEqual(orders().at(-1), { kind: 'why', at: 2, foil: null }));
  assert.equal(await page.getByRole('button', { name: 'Generate from Here' }).count(), 0);
  // After the text the favourite is the target.
  await stripItem(page, 40).click();
  await page.getByText('The text goes on').waitFor({ state: 'hidden' });
  await bars(page).first().click();
  await page.getByRole('button', { name: 'Why This One?' }).click();
  await eventually(() => assert.deepEqual(orders().at(-1), { kind: 'why', at: null, foil: null }));
});

test('the lens is asked for when it is shown; its output row is the model’s own prediction', async () => {
  await using panel = await open();
  const { page, asked } = panel;
  await bars(page).first().waitFor();
  assert.deepEqual(
    asked.filter((name) => name === 'lens' || name === 'follow'),
    [],
  );
  await page.getByRole('tab', { name: 'Next token' }).focus();
  await page.keyboard.press('ArrowRight');
  await eventually(async () => assert.equal(await lensTab(page).getAttribute('aria-selected'), 'true'));
  const map = page.getByRole('application');
  await map.focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  const { tokens, next } = await scores(1);
  const [cell] = tokens[2]!.top;
  const said = page.locator('.mapBar output');
  await page.waitForFunction(() =>
    document.querySelector('.mapBar output')?.textContent?.startsWith('" model"'),
  );
  assert.match((await said.textContent())!, new RegExp(`^" model", after output: "${cell!.text}", \\d`));
  const lens = JSON.parse(await exported(panel, /Top token and its/, 'JSON'));
  assert.equal(lens.first, -1);
  const output = lens.ids.slice(-lens.columns.length);
  assert.deepEqual(output, [...tokens.map(({ top }) => top[0]!.id), next[0]!.id]);
  // Its token is followed: it is the first in the output.
  await map.focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('heading', { name: `Rank of "${cell!.text}" through the layers, after "The model"` })
    .waitFor();
  assert.deepEqual(
    asked.filter((name) => name === 'lens' || name === 'follow'),
    ['lens', 'follow'],
  );
  const points = page.locator('section svg.picture [data-item]').filter({ hasText: 'output' });
  assert.match(await points.last().innerHTML(), /output: rank 1, /);
  assert.equal(await stripItem(page, 2).count(), 1);
  await page.getByRole('heading', { name: 'After "The model"', exact: true }).waitFor();
});

test('any single token can be followed, also in every cell; other texts are refused', async () => {
  await using panel = await open();
  const { page } = panel;
  await stripItem(page, 8).click();
  await lensTab(page).click();
  const field = page.getByLabel('Follow a token');
  await field.fill(' left');
  await page.keyboard.press('Enter');
  const { tokens } = await scores(1);
  const line = JSON.parse(await exported(panel, /Rank of " left"/, 'JSON'));
  assert.equal(line.ranks.length, 5);
  assert.equal(line.ranks.at(-1), tokens[8]!.rank);
  assert.ok(Math.abs(line.probabilities.at(-1) - Math.exp(tokens[8]!.logProb!)) < 1e-6);
  await page.getByLabel('Its rank in every cell').check();
  await page.getByText('Table and export: Rank of " left" after each layer').waitFor();
  const csv = await exported(panel, /Rank of " left" after each/, 'CSV');
  const rows = csv.trim().split('\r\n');
  assert.equal(rows.length, 1 + 5 * 41);
  const inOutput = rows.find((row) => row.startsWith('output,7,'))!.split(',');
  assert.equal(Number(inOutput.at(-2)), tokens[8]!.rank);
  await field.fill('two words');
  await page.keyboard.press('Enter');
  await page.locator('.problem').first().waitFor();
});

test('hostile tokens are text, on the page and in files', async () => {
  await using panel = await open({ shown: hostile });
  const { page } = panel;
  await stripItem(page, 0).waitFor();
  await page.locator('.strip text', { hasText: '‹U+001B›' }).waitFor();
  await stripItem(page, 3).click();
  await page.getByRole('heading', { name: 'After "if </' }).waitFor();
  await page.getByText(/^The text goes on with /).waitFor();
  await bars(page).first().waitFor();
  const svg = await exported(panel, /The text, token by token/, 'SVG');
  const parsed = await page.evaluate((source) => {
    const document = new DOMParser().parseFromString(source, 'image/svg+xml');
    return [
      document.querySelectorAll('parsererror, img, script').length,
      document.documentElement.textContent?.replaceAll('\n', ''),
    ] as const;
  }, svg);
  assert.equal(parsed[0], 0);
  assert.ok(parsed[1]?.includes('evil‹U+001B›[2J {0} then'), parsed[1]);
  const html = await exported(panel, /The text, token by token/, 'HTML');
  assert.ok(!html.includes('<img') && !html.includes('\u202e'));
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.evaluate('window.hacked'), undefined);
});

test('a selection after other text, and a text without BOS', async () => {
  const from = text.indexOf(' After');
  await using panel = await open({ from });
  const { page } = panel;
  const { tokens } = await scores(1);
  const first = tokens.findIndex(({ start }) => start >= from);
  await stripItem(page, 0).click();
  await page
    .getByText(`The text goes on with "${tokens[first]!.text}": rank ${tokens[first]!.rank}, `)
    .waitFor();
  await lensTab(page).click();
  const lens = JSON.parse(await exported(panel, /Top token and its/, 'JSON'));
  assert.equal(lens.first, -1);
  assert.deepEqual(
    lens.columns,
    tokens.slice(first - 1).map((token) => token.text),
  );
  assert.equal(lens.ids.at(-lens.columns.length), tokens[first]!.top[0]!.id);

  await using bare = await open({ bos: false });
  await stripItem(bare.page, 0).click();
  await bare.page.locator('p', { hasText: '"The": nothing stands in front of it' }).waitFor();
  await stripItem(bare.page, 1).click();
  await bare.page.getByText('The text goes on with " model"').waitFor();
});

test('what was chosen survives a reload, and nothing of the text; without it nothing is asked', async () => {
  await using panel = await open();
  const { page, asked, sent } = panel;
  await stripItem(page, 8).click();
  await page.getByRole('slider', { name: 'Top-k' }).focus();
  await page.keyboard.press('ArrowRight');
  await lensTab(page).click();
  await page.reload();
  await page.getByRole('heading', { name: 'After "The model reads the text from the"' }).waitFor();
  await eventually(async () => assert.equal(await lensTab(page).getAttribute('aria-selected'), 'true'));
  await page.getByRole('tab', { name: 'Next token' }).click();
  await eventually(async () =>
    assert.equal(await page.getByRole('slider', { name: 'Top-k' }).inputValue(), '41'),
  );
  await panel.show({ ...content, isCurrent: false });
  await page.getByText('The text has been changed since.').waitFor();
  await bars(page).first().click();
  await page.locator('#tab-panel .item.marked').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Generate from Here' }).count(), 0);
  await page.getByRole('button', { name: 'Read Again' }).click();
  await eventually(() => assert.deepEqual(sent.at(-1)?.order, { kind: 'read' }));
  // Another text: its end is what is looked at.
  await panel.show({ ...content, reading: 2 });
  await page.getByRole('heading', { name: 'is drawn from that."' }).waitFor();
  // The window was reloaded: the host knows no text.
  panel.forget();
  const before = asked.length;
  await page.reload();
  await page.locator('.empty').waitFor();
  assert.equal(asked.length, before);
  assert.doesNotMatch(await keptBy(page), /model|reads|drawn/);
});

test('while an answer is awaited the earlier one is pale, under its own name', async () => {
  let gate: PromiseWithResolvers<void> | null = null;
  await using panel = await open({ before: (name) => (name === 'distribution' ? gate?.promise : undefined) });
  const { page } = panel;
  await stripItem(page, 8).click();
  await page.getByRole('heading', { name: 'After "The model reads the text from the"' }).waitFor();
  await page.getByText(/^The text goes on with " left"/).waitFor();
  const names = await barNames(page);
  gate = Promise.withResolvers();
  await stripItem(page, 2).click();
  await page.getByRole('heading', { name: 'After "The model"' }).waitFor();
  const before = String(await page.locator('.older > .before').textContent());
  assert.match(before, /^Not updated yet: After "The model reads the text from the"/);
  assert.deepEqual(await barNames(page), names);
  await page.waitForFunction(
    () => getComputedStyle(document.querySelector('.older > div')!).opacity === '0.4',
  );
  // Its files are named as it is.
  assert.match(JSON.parse(await exported(panel, /Table and export: After/, 'JSON')).actual.text, /left/);
  gate.reject(new Error('The model is gone.'));
  await page.locator('.problem', { hasText: 'The model is gone.' }).waitFor();
  gate = null;
  await stripItem(page, 3).click();
  await page.locator('.older').waitFor({ state: 'detached' });
  assert.notDeepEqual(await barNames(page), names);
  // Another text has nothing of this one.
  gate = Promise.withResolvers();
  await panel.show({ ...content, reading: 2 });
  await page.getByRole('heading', { name: 'is drawn from that."' }).waitFor();
  assert.equal(await bars(page).count(), 0);
  gate.resolve();
  await bars(page).first().waitFor();
});

test('when another position is shown, the focus stays, and what was pressed stays with its own position', async () => {
  let gate: PromiseWithResolvers<void> | null = null;
  await using panel = await open({ before: (name) => (name === 'distribution' ? gate?.promise : undefined) });
  const { page } = panel;
  const marked = page.locator('#tab-panel svg.picture .item.marked');
  await stripItem(page, 8).click();
  await page.getByText(/^The text goes on with " left"/).waitFor();
  await bars(page).nth(1).click();
  await marked.waitFor();
  gate = Promise.withResolvers();
  await stripItem(page, 2).click();
  await page.locator('.older').waitFor();
  await bars(page).nth(1).focus();
  gate.resolve();
  await page.locator('.older').waitFor({ state: 'detached' });
  await page.getByText(/^The text goes on with " re/).waitFor();
  assert.equal(await marked.count(), 0);
  await page.keyboard.press('ArrowDown');
  await page.locator('#tab-panel svg.picture [data-item="2"]:focus').waitFor();
});

test('the lens tells how far it is, and its names stand close above it', async () => {
  const gate = Promise.withResolvers<void>();
  await using panel = await open({
    before: (name, _, { report }) => {
      if (name !== 'lens') return;
      report({ done: 1, total: 4, lens: null } as never);
      return gate.promise;
    },
  });
  const { page } = panel;
  await stripItem(page, 8).click();
  await lensTab(page).click();
  await page.getByText('Looking at the layers: 25%').waitFor();
  gate.resolve();
  const map = page.locator('.map > canvas');
  await map.waitFor();
  await page.getByText('Looking at the layers').waitFor({ state: 'detached' });
  // The cells begin below one line of names.
  await eventually(async () => {
    const box = await page.locator('.map').boundingBox();
    assert.ok(box && box.height < 22 + 5 * 22 + 30, `the map is ${box?.height} high`);
  });
});

test('every token in the lens of a file can be read on its cell', async () => {
  await using panel = await open({ theme: 'highContrast' });
  const { page } = panel;
  // A theme of somebody's own: white on black, and white for the most probable.
  await page.evaluate(() =>
    document.documentElement.style.setProperty('--vscode-whytoken-forBackground', '#ffffff'),
  );
  await lensTab(page).click();
  const svg = await exported(panel, /Top token and its/, 'SVG');
  const cells = [...svg.matchAll(/<rect [^>]*fill="(rgb[^"]*)"\/>\s*<text [^>]*fill="([^"]*)"/g)];
  assert.ok(cells.length > 100, `${cells.length} cells`);
  const channels = (colour: string) =>
    colour.startsWith('#')
      ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
      : colour.match(/\d+/g)!.map(Number);
  const luminance = (colour: string) => {
    const [red, green, blue] = channels(colour).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  for (const [, ground, text] of cells) {
    const [a, b] = [luminance(ground!), luminance(text!)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    assert.ok(contrast >= 4.5, `${text} on ${ground}: ${contrast}`);
  }
});

test('fits into a narrow panel', async () => {
  await using panel = await open();
  const { page } = panel;
  await page.setViewportSize({ width: 300, height: 800 });
  await bars(page).first().waitFor();
  await page.waitForFunction(() => document.documentElement.scrollWidth === 300);
  await lensTab(page).click();
  await page.locator('.heatMap .map').click({ position: { x: 180, y: 60 } });
  await page.getByRole('heading', { name: 'through the layers' }).waitFor();
  await page.waitForFunction(() => document.documentElement.scrollWidth === 300);
});

test('no serious findings of axe, and pictures of all themes', async () => {
  mkdirSync(screenshots, { recursive: true });
  const looks = [...themes.map((theme) => ({ theme })), { theme: 'dark', language: 'zh-cn' } as const];
  for (const look of looks) {
    await using panel = await open(look);
    const { page } = panel;
    const name = 'language' in look ? look.language : look.theme;
    await stripItem(page, 8).click();
    // Only within the text is it told how the text goes on.
    await page.locator('#tab-panel p.place').nth(1).waitFor();
    await bars(page).nth(1).click();
    await page.locator('.actions button').first().waitFor();
    await page.screenshot({
      path: path.join(screenshots, `probabilities-panel-${name}.png`),
      fullPage: true,
    });
    const findings = async () => {
      if (name === 'light' || name === 'highContrast') assert.deepEqual(await seriousFindings(page), []);
    };
    await findings();
    await page.getByRole('tab').nth(1).click();
    await page.locator('.heatMap .map').click({ position: { x: 600, y: 110 } });
    await page.locator('section svg.picture').nth(1).waitFor();
    await page.screenshot({
      path: path.join(screenshots, `probabilities-panel-lens-${name}.png`),
      fullPage: true,
    });
    await findings();
  }
});

test('how long a slider’s movement takes to the new bars', async () => {
  await using panel = await open();
  const { page } = panel;
  await page.getByText(/tokens can be drawn/).waitFor();
  await page.getByRole('slider', { name: 'Top-p' }).focus();
  await page.keyboard.press('End');
  const times = await page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>('input[name="topK"]')!;
    const taken: number[] = [];
    for (let value = 1; value <= 60; value++) {
      const begun = performance.now();
      slider.value = String(value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      const isShown = () =>
        document.querySelector('#tab-panel')!.textContent!.includes(`. ${value} of 4,096`);
      while (!isShown()) await new Promise((resolve) => setTimeout(resolve, 0));
      taken.push(performance.now() - begun);
    }
    return taken.sort((a, b) => a - b);
  });
  const at = (share: number) => times[Math.floor(share * times.length)]!.toFixed(1);
  console.log(`slider to bars, over the debugger's bridge: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
});

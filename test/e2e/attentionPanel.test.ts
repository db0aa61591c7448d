/** The attention panel's page in a browser, answered by the real engine on the bundled model. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, test } from 'node:test';
import { root } from '../../scripts/lib/project.ts';
import { attentionAnswers } from '../../src/host/panel/attention/answers.ts';
import { labels } from '../../src/host/panel/attention/labels.ts';
import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import type { ModelText } from '../../src/protocol/engine.ts';
import { type AttentionPanel, attentionPanel } from '../../src/protocol/panels/attention.ts';
import type { AttentionMap } from '../../src/protocol/results.ts';
import { quoted } from '../../src/text/visible.ts';
import { seriousFindings } from '../harness/axe.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { hostEngine } from '../harness/hostEngine.ts';
import { keptBy, openPanelPage, type PageHost, type PanelPage, themes } from '../harness/panelPage.ts';
import { checkTabStops } from '../harness/tabStops.ts';

const modelDir = path.join(root, 'models/tiny-gpt2');
/** The second "Kow" is continued by copying the first: heads that attend to what came before, and to what came after. */
const text = 'Marta Kowalska plays chess. Every Sunday Marta Kow';
const about: ModelText = { modelDir, text, bos: true };
const content = { reading: 1, document: 'chess.txt', isCurrent: true, asked: null };

const engine = openEngine();
const answersAbout = (read: ModelText) =>
  attentionAnswers(
    hostEngine(engine),
    () => read,
    () => {},
  );
let browser: BrowserWindow | undefined;
let panel: PanelPage<AttentionPanel>;

after(() => engine.dispose());
afterEach(async () => {
  await browser?.[Symbol.asyncDispose]();
  browser = undefined;
});

async function open(host: Partial<PageHost<AttentionPanel>> = {}, read = about): Promise<typeof panel> {
  browser = await openBrowser();
  const shown = {
    entry: 'attention',
    protocol: attentionPanel,
    labels,
    content,
    answers: answersAbout(read),
  };
  panel = await openPanelPage(browser.page, { ...shown, ...host });
  return panel;
}

/** Everything that the page asks for by itself has come. */
async function isComplete(): Promise<void> {
  const { page } = panel;
  await page.locator('.legend b').first().waitFor();
  await page.locator('.heatMap, .arcs').waitFor();
  await page.locator('.compared svg').first().waitFor();
  await page.locator('.pending').first().waitFor({ state: 'detached' });
}

/** By keyboard alone. */
async function openHead(layer: number, head: number): Promise<void> {
  await openHeadNow(layer, head);
  await isComplete();
}

async function openHeadNow(layer: number, head: number): Promise<void> {
  const { page } = panel;
  await page.locator('.heads').focus();
  await page.keyboard.press('Home');
  for (let up = 0; up < 4; up++) await page.keyboard.press('ArrowUp');
  for (let down = 0; down < layer; down++) await page.keyboard.press('ArrowDown');
  for (let right = 0; right < head; right++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Layer ${layer}, head ${head}` }).waitFor();
}

/** What is sent by the next press of a button in a section. */
async function exported(section: number, button: string): Promise<string> {
  const { page, sent } = panel;
  const had = sent.length;
  await page.locator('section').nth(section).getByRole('button', { name: button, exact: true }).click();
  return eventually(() => {
    const file = sent.slice(had).find(({ type }) => type === 'save');
    assert.ok(file, `${button} was not saved`);
    return file.data as string;
  });
}

/** Opens every picture's numbers. */
async function openTables(): Promise<void> {
  const { page } = panel;
  const summaries = await page.locator('summary').all();
  for (const summary of summaries) await summary.click();
  await eventually(async () => assert.equal(await page.locator('details table').count(), summaries.length));
}

const three = (value: number) => new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);

/** The weights of one head as the verb `attention` gives them, which the panel does not use. */
async function rawHead(layer: number, head: number): Promise<Float32Array> {
  const { attention } = await engine.attention({ ...about, layers: [layer], heads: [head] }, Run.detached());
  return attention[0]![0]!;
}

test('says the measured scores of a head, and its weights cell by cell, by keyboard', async () => {
  const answers = answersAbout(about);
  let map: AttentionMap | null = null;
  const keep: typeof answers.map = async (...asked) => {
    map = await answers.map(...asked);
    return map;
  };
  const { page } = await open({ answers: { ...answers, map: keep } });
  await isComplete();
  await page.locator('.heads').focus();
  await page.keyboard.press('ArrowDown');
  const { induction } = await engine.headPatterns(
    { modelDir, seed: 0, length: 50, sequences: 8 },
    Run.detached(),
  );
  const score = new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(induction[6]!);
  const said = new RegExp(`^Layer 1, head 0: induction ${score.replace('.', '\\.')}, `);
  await eventually(async () => assert.match((await page.locator('.said output').textContent())!, said));

  await openHead(1, 0);
  const weights = await rawHead(1, 0);
  const tokens = Math.sqrt(weights.length);
  await page.locator('.map').focus();
  for (const key of ['ArrowDown', 'End']) await page.keyboard.press(key);
  for (let down = 0; down < tokens; down++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  for (let right = 0; right < 3; right++) await page.keyboard.press('ArrowRight');
  const output = page.locator('.mapBar output');
  const cell = (tokens - 1) * tokens + 3;
  const shownWeight = map!.weights[cell]!;
  // Another graph, so that the last bits may be others.
  assert.ok(
    Math.abs(shownWeight - weights[cell]!) <= 1e-5 * weights[cell]!,
    `${shownWeight} ${weights[cell]}`,
  );
  const expected = three(shownWeight);
  await eventually(async () => {
    const shown = (await output.textContent())!;
    assert.ok(shown.endsWith(`: ${expected}`), `${shown} ${expected}`);
  });
  // The key is pointed at in the editor.
  await eventually(() => assert.deepEqual(panel.sent.at(-1), { type: 'point', content: 1, token: 3 }));
});

test('each picture and map is one stop of Tab', async () => {
  const { page } = await open();
  await openHead(1, 1);
  await checkTabStops(page);
  await page.getByRole('button', { name: 'Arcs' }).click();
  await page.locator('.arcs svg .item').nth(5).waitFor({ state: 'attached' });
  await checkTabStops(page);
});

test('the colours of the map are those of the weights', async () => {
  const { page } = await open();
  await isComplete();
  await openHead(0, 5);
  const weights = await rawHead(0, 5);
  const tokens = Math.sqrt(weights.length);
  const most = Math.max(...weights);
  // On white with #7a3ec2 as the full colour, by the square root; below 1 % of the largest nothing is drawn.
  const expected = (weight: number) => {
    const share = weight < 0.01 * most ? 0 : Math.sqrt(weight / most);
    return [0x7a, 0x3e, 0xc2].map((full) => 255 + (full - 255) * share);
  };
  const cells = [
    [5, 4],
    [9, 8],
    [9, 2],
    [12, 12],
    [3, 9],
  ] as const;
  await eventually(async () => {
    const side = await page.evaluate(
      `(document.querySelector('.map > div').clientWidth - 96 - 44) / ${tokens}`,
    );
    for (const [row, column] of cells) {
      const pixel = (await page.evaluate(
        ([x, y]) => {
          const canvas = document.querySelector<HTMLCanvasElement>('.map > canvas')!;
          return Array.from(canvas.getContext('2d')!.getImageData(x!, y!, 1, 1).data.slice(0, 3));
        },
        [96 + (column + 0.5) * (side as number), 78 + (row + 0.5) * (side as number)].map(Math.floor),
      )) as number[];
      const wanted = expected(weights[row * tokens + column]!);
      for (const [channel, value] of pixel.entries())
        assert.ok(Math.abs(value - wanted[channel]!) <= 2, `${row} ${column}: ${pixel} instead of ${wanted}`);
    }
  });
});

test('asks for each view as it is named, and not for rollout times a gradient', async () => {
  const asked: unknown[] = [];
  const { page } = await open({ before: (name, params) => name === 'map' && asked.push(params) });
  await isComplete();
  await page.getByLabel('Attention × gradient').check();
  await isComplete();
  await page.getByText(/the logit of "al", which no other token competes with/).waitFor();
  for (const name of ['Layer mean', 'Maximum', 'Rollout']) {
    await page.getByRole('button', { name, exact: true }).click();
    await isComplete();
  }
  await eventually(async () => assert.ok(await page.getByLabel('Attention × gradient').isDisabled()));
  await page.getByText('Not with rollout').waitFor();
  await page.getByLabel('Leave the first token out').check();
  await isComplete();
  await page.getByText('on the first token').waitFor();
  const common = { layer: 0, head: 0, withoutFirst: false };
  await eventually(() =>
    assert.deepEqual(asked, [
      { ...common, view: 'mean', gradient: false },
      { ...common, view: 'mean', gradient: true },
      { ...common, view: 'layer', gradient: true },
      { ...common, view: 'max', gradient: true },
      { ...common, view: 'rollout', gradient: false },
      { ...common, view: 'rollout', gradient: false, withoutFirst: true },
    ]),
  );
  const { rows } = readCsv(await exported(1, 'CSV'));
  // The first token itself has no other key.
  const first = rows.filter(([, , key]) => key === '0').map(([query]) => query);
  assert.ok(rows.length > 20);
  assert.deepEqual(first, ['0']);
});

test('arcs lead from the chosen token to its strongest keys, with their weights', async () => {
  const { page } = await open();
  await isComplete();
  await openHead(1, 0);
  await page.getByRole('button', { name: 'Arcs' }).click();
  const weights = await rawHead(1, 0);
  const tokens = Math.sqrt(weights.length);
  const item = page.locator('.arcs .item').nth(tokens - 2);
  await item.focus();
  await page.keyboard.press('Enter');
  const row = Array.from(weights.slice((tokens - 2) * tokens, (tokens - 1) * tokens));
  const least = 0.01 * Math.max(...weights);
  const strongest = row.map((weight, key) => ({ weight, key })).filter(({ weight }) => weight >= least);
  strongest.sort((one, other) => other.weight - one.weight);
  const paths = (count: number) =>
    eventually(async () => assert.equal(await page.locator('.arcs path').count(), count));
  await paths(Math.min(12, strongest.length));
  const first = page.locator('section').nth(1).locator('svg[aria-label^="What "] .item').first();
  await eventually(async () => {
    const name = (await first.getAttribute('aria-label'))!;
    assert.ok(name.endsWith(`: ${three(strongest[0]!.weight)}`), name);
  });
  const { columns, rows } = readCsv(await exported(1, 'CSV'));
  assert.deepEqual(columns, ['#', 'Key', 'Weight']);
  assert.deepEqual(
    rows.map(([key]) => Number(key)),
    strongest.slice(0, 12).map(({ key }) => key),
  );
  // A higher threshold leaves fewer.
  await page.getByLabel('Threshold').fill('0.6');
  const above = strongest.filter(({ weight }) => weight >= 0.36 * Math.max(...weights)).length;
  assert.ok(above < strongest.length);
  await paths(above);
});

test('a head that is switched off changes the prediction as the engine’s importance says', async () => {
  const { page } = await open();
  await isComplete();
  await openHead(0, 5);
  await page.getByRole('switch').press('Space');
  await page.getByText(/^"al": .* before, .* after/).waitFor();
  const { before, after: without, target } = JSON.parse(await exported(2, 'JSON'));
  assert.equal(target.text, 'al');
  // f(whole) − f(without), of target and foil: another verb, which runs its own ablations.
  const common = { ...about, at: { kind: 'end' } as const, target: { kind: 'top' } as const };
  const foils = without.filter(({ id }: { id: number }) =>
    before.some((one: { id: number }) => one.id === id),
  );
  const foil = foils.find(({ id }: { id: number }) => id !== target.id);
  const { ofHeads } = await engine.importance(
    { ...common, foil: foil ? { kind: 'id', id: foil.id } : { kind: 'none' } },
    Run.detached(),
  );
  assert.ok(foil, 'a candidate is in both lists');
  const was = before.find(({ id }: { id: number }) => id === foil.id).probability;
  const change = Math.log(target.before / was) - Math.log(target.after / foil.probability);
  assert.ok(Math.abs(change - ofHeads[5]!) < 1e-3, `${change} instead of ${ofHeads[5]}`);
  assert.ok(target.after < target.before / 2);
  // Another one besides, then one on again, then all.
  await openHead(1, 0);
  await page.getByRole('switch').click();
  await page.getByText('Without L0H5, L1H0').waitFor();
  await page.getByRole('button', { name: 'Switch layer 0, head 5 on again' }).click();
  await page.getByText('Without L1H0').waitFor();
  await page.getByRole('button', { name: 'All on' }).click();
  await page.getByText('All heads are on.').waitFor();
  await eventually(async () => assert.equal(await page.locator('.compared svg').count(), 1));
});

test('the pieces of a character have different names in rows, arcs and predictions', async () => {
  const text = '中国 and the 国家';
  await open({}, { ...about, text });
  const { page } = panel;
  await isComplete();
  await page.getByRole('button', { name: 'Arcs' }).click();
  await openTables();
  await eventually(async () => {
    const names = await page
      .locator('.arcs [data-item]')
      .evaluateAll((all) => all.map((item) => item.getAttribute('aria-label')!));
    for (const piece of ['中 1/', '中 2/', '国 1/', '国 2/', '家 2/']) {
      assert.ok(
        names.some((name) => name.includes(`: ${piece}`)),
        names.join('\n'),
      );
    }
  });
  const file = await exported(1, 'SVG');
  assert.match(file, /国 2\/\d/);
  assert.doesNotMatch(file + (await page.locator('body').textContent()), /\ufffd/);
  await page.screenshot({
    path: path.join(root, 'test/screenshots/attention-panel-pieces.png'),
    fullPage: true,
  });
});

test('hostile texts of tokens and names are shown as text', async () => {
  const hostile = '<img src=x onerror="window.hacked=1">\u202e</script><script>window.hacked=1</script>';
  const read = { ...about, text: hostile };
  await open({ content: { ...content, document: '<b>x</b>\u202e.txt' } }, read);
  const { page } = panel;
  await isComplete();
  await page.getByRole('heading', { name: 'Attention in <b>x</b>‹U+202E›.txt' }).waitFor();
  await page.getByRole('button', { name: 'Arcs' }).click();
  await openTables();
  const svg = await exported(1, 'SVG');
  assert.equal(
    await page.evaluate(
      (file) =>
        new DOMParser().parseFromString(file, 'image/svg+xml').querySelectorAll('parsererror, script, img')
          .length,
      svg,
    ),
    0,
  );
  assert.ok(!svg.includes('\u202e'));
  const html = await exported(1, 'HTML');
  assert.ok(!/<script|<img|\u202e/i.test(html));
  assert.equal(await page.evaluate('window.hacked'), undefined);
  assert.equal(await page.locator('#root img, #root script').count(), 0);
  assert.ok(!(await page.locator('#root').textContent())!.includes('\u202e'));
});

test('exports the map as pictures, tables and numbers with the receipt', async () => {
  const { page } = await open();
  await isComplete();
  await openHead(0, 5);
  const weights = await rawHead(0, 5);
  const svg = await exported(1, 'SVG');
  const shapes = await page.evaluate((file) => {
    const parsed = new DOMParser().parseFromString(file, 'image/svg+xml');
    return ['parsererror', 'image', 'text'].map((name) => parsed.querySelectorAll(name).length);
  }, svg);
  const tokens = Math.sqrt(weights.length);
  // The names, the two ends of the legend, and the title and the note, as nothing else in the file says what it shows.
  assert.deepEqual(shapes, [0, 1, 2 * tokens + 4]);
  assert.ok(svg.includes('>Layer 0, head 5: chess.txt</text>'));
  const png = Buffer.from(await exported(1, 'PNG'), 'base64');
  assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  const json = JSON.parse(await exported(1, 'JSON'));
  assert.equal(json.asked.head, 5);
  assert.match(json.receipt.model.sha256, /^[\da-f]{64}$/);
  for (const [at, weight] of weights.entries()) assert.ok(Math.abs(weight - json.weights[at]) < 1e-6);
  const { rows } = readCsv(await exported(1, 'CSV'));
  const sorted = rows.map((cells) => Number(cells[4]));
  assert.deepEqual(
    sorted,
    sorted.toSorted((one, other) => other - one),
  );
  assert.ok(Math.abs(sorted[0]! - Math.max(...weights)) < 1e-6);
  assert.match(await exported(1, 'HTML'), /SHA-256 [\da-f]{64}/);
  const heads = readCsv(await exported(0, 'CSV'));
  assert.deepEqual([heads.columns.length, heads.rows.length], [6, 24]);
});

test('after a reload the choices are kept, and nothing of the text; without it nothing is asked', async () => {
  let asked = 0;
  const { page } = await open({ before: () => asked++ });
  await isComplete();
  await openHead(1, 3);
  await page.getByRole('switch').click();
  await page.getByRole('button', { name: 'Arcs' }).click();
  await page.reload();
  await panel.use('light');
  await isComplete();
  await page.getByRole('heading', { name: 'Layer 1, head 3' }).waitFor();
  await page.getByText('Without L1H3').waitFor();
  await page.locator('.arcs').waitFor();

  await panel.show({ ...content, isCurrent: false });
  await page.getByText('The text has been changed since.').waitFor();
  await isComplete();
  await page.getByRole('button', { name: 'Read Again' }).click();
  await eventually(() => assert.deepEqual(panel.sent.at(-1)!.order, { type: 'readAgain' }));

  await panel.show(null);
  await page.getByText('No text has been read yet.').waitFor();
  await panel.show(content);
  await isComplete();
  const before = asked;
  panel.forget();
  await page.reload();
  await panel.use('light');
  await page.getByText('No text has been read yet.').waitFor();
  assert.equal(asked, before);
  assert.doesNotMatch(await keptBy(page), /chess|Marta/);
  await panel.show({ ...content, reading: 2 });
  await isComplete();
});

test('while a map is awaited the earlier one is pale, under its own name', async () => {
  let gate: PromiseWithResolvers<void> | null = null;
  const { page } = await open({
    before: (name) => (name === 'map' || name === 'thumbnails' ? gate?.promise : null),
  });
  await isComplete();
  assert.equal(await page.locator('.older').count(), 0);
  gate = Promise.withResolvers();
  await openHeadNow(1, 0);
  await page.getByText('Not updated yet: Mean of all heads').waitFor();
  // Its files say what it is a map of.
  assert.equal(JSON.parse(await exported(1, 'JSON')).asked.view, 'mean');
  gate.resolve();
  await page.locator('.older').waitFor({ state: 'detached' });
  assert.equal(JSON.parse(await exported(1, 'JSON')).asked.view, 'head');
  // Another text has nothing of this one.
  gate = Promise.withResolvers();
  await panel.show({ ...content, reading: 2, document: 'other.txt' });
  await page.getByRole('heading', { name: 'Attention in other.txt' }).waitFor();
  await page.locator('.heatMap').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.heads').count(), 0);
  gate.resolve();
  await isComplete();
});

test('scrolls to what the editor points at, and stays where it is when the pointer leaves', async () => {
  const { page } = await open();
  await isComplete();
  const map = page.locator('.heatMap .map');
  for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
  const top = () => map.evaluate((box) => box.scrollTop);
  const isScrolled = () => eventually(async () => assert.ok((await top()) > 0));
  await map.evaluate((box) => box.scrollTo(0, 0));
  for (const place of [120, 124]) await map.hover({ position: { x: place, y: place } });
  await page.locator('.mapBar output', { hasText: 'attends to' }).waitFor();
  await page.locator('h1').hover();
  await page.waitForTimeout(200);
  assert.equal(await top(), 0);
  const { tokens } = await engine.thumbnails({ ...about, size: 1 }, Run.detached());
  await panel.post({ type: 'pointed', content: 1, token: tokens.length - 1 });
  await isScrolled();
  const scrolled = await top();
  await panel.post({ type: 'pointed', content: 1, token: null });
  await page.waitForTimeout(200);
  assert.equal(await top(), scrolled);
  // Another map of the same text is looked at in the same place.
  await map.evaluate((box) => box.scrollTo(0, 0));
  await panel.post({ type: 'pointed', content: 1, token: tokens.length - 1 });
  await isScrolled();
  await map.evaluate((box) => box.scrollTo(0, 0));
  await page.getByRole('button', { name: 'Maximum' }).click();
  await page.getByRole('heading', { name: 'Largest weight of all heads' }).waitFor();
  await isComplete();
  await page.waitForTimeout(200);
  assert.equal(await top(), 0);

  await page.setViewportSize({ width: 330, height: 800 });
  await page.getByRole('button', { name: 'Arcs' }).click();
  const left = () => page.locator('.arcs').evaluate((line) => line.scrollLeft);
  await eventually(async () => assert.ok((await left()) > 0));
  await page.locator('.arcs').evaluate((line) => line.scrollTo(0, 0));
  await page.locator('.arcs .item').nth(1).hover();
  await page.locator('h1').hover();
  await page.waitForTimeout(200);
  assert.equal(await left(), 0);
  await panel.post({ type: 'pointed', content: 1, token: tokens.length - 2 });
  await eventually(async () => assert.ok((await left()) > 0));
});

test('the keyboard scrolls its token into view', async () => {
  const { page } = await open();
  await page.setViewportSize({ width: 330, height: 800 });
  await isComplete();
  await page.getByRole('button', { name: 'Arcs' }).click();
  const items = page.locator('.arcs .item');
  // A pointer that rests there does not point at the token that scrolls below it.
  await items.nth(2).hover();
  await items.first().focus();
  const isSeen = (item: Element) => {
    const [box, line] = [item, item.closest('.arcs')!].map((one) => one.getBoundingClientRect());
    return item === document.activeElement && box!.left >= line!.left && box!.right <= line!.right;
  };
  await page.keyboard.press('End');
  await eventually(async () => assert.ok(await items.last().evaluate(isSeen)));
  for (let at = (await items.count()) - 1; at > 0; at--) {
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => assert.ok(await items.nth(at - 1).evaluate(isSeen), `item ${at - 1}`));
    await eventually(async () =>
      assert.equal(await page.locator('.arcs .item.marked').getAttribute('data-item'), String(at - 1)),
    );
    if (at % 5 > 0) continue;
    await page.waitForTimeout(200);
    assert.equal(await page.locator('.arcs .item.marked').getAttribute('data-item'), String(at - 1));
  }
});

test('fits into a narrow panel', async () => {
  const { page } = await open();
  await page.setViewportSize({ width: 300, height: 800 });
  await isComplete();
  await openHead(0, 5);
  await page.getByRole('switch').click();
  await page.getByText('Without L0H5').waitFor();
  await page.waitForFunction(() => document.documentElement.scrollWidth === 300);
});

test('what the editor points at is marked, and refusals are shown', async () => {
  let refuse = false;
  const { page } = await open({
    before: (name) => {
      if (refuse && name === 'map') throw new Error('The model folder does not exist.');
    },
  });
  await isComplete();
  await panel.post({ type: 'pointed', content: 1, token: 4 });
  const { tokens } = await engine.thumbnails({ ...about, size: 1 }, Run.detached());
  await page.getByRole('heading', { name: `What ${quoted(tokens[4]!.text)} attends to most` }).waitFor();
  refuse = true;
  await page.getByRole('button', { name: 'Rollout' }).click();
  await page.locator('.problem').getByText('The model folder does not exist.').waitFor();
  // What was there stays.
  assert.equal(await page.locator('.heatMap').count(), 1);
});

test('choices that were made for a larger model do not break the page', async () => {
  // The same text read by a model of two layers and two heads; it knows nothing of layer 3.
  const size = 2;
  const small = { layers: 2, heads: 2, size, weights: new Uint8Array(2 * 2 * size * size) };
  const read = { receipt: { ...receipt, model: { name: 'small', sha256: 'ff' } }, tokens: spans };
  let isOther = false;
  const answers = answersAbout(about);
  const { page } = await open({
    answers: {
      ...answers,
      thumbnails: async (...asked) => (isOther ? { ...read, ...small } : answers.thumbnails(...asked)),
      map: async (...asked) =>
        isOther
          ? { ...read, size, weights: new Float32Array(4), most: 0, contrast: null }
          : answers.map(...asked),
    },
    before: (name) => {
      if (isOther && name !== 'thumbnails' && name !== 'map') throw new Error('refused');
    },
  });
  await isComplete();
  await openHead(3, 5);
  await page.getByRole('switch').click();
  await page.getByText('Without L3H5').waitFor();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  isOther = true;
  await panel.show({ ...content, reading: 2 });
  await page.getByRole('heading', { name: 'Layer 0, head 0' }).waitFor();
  await page.locator('.heatMap').waitFor();
  // The prediction's and, when there is a map, the patterns'.
  await page.locator('.problem').nth(1).waitFor();
  await page.waitForTimeout(200);
  assert.deepEqual(errors, []);
});

const receipt = { whytoken: '0', textSha256: '', bos: false, droppedTokens: 0, milliseconds: 1 };
const spans = [
  { id: 1, text: 'a', start: 0, end: 1 },
  { id: 2, text: 'b', start: 1, end: 2 },
];

for (const theme of themes) {
  test(`is a picture one would show, in ${theme}`, async () => {
    const { page } = await open({ theme });
    await isComplete();
    await openHead(0, 5);
    await page.getByRole('switch').click();
    await page.getByText('Without L0H5').waitFor();
    await page.locator('h1').click();
    if (theme !== 'dark') assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({
      path: path.join(root, `test/screenshots/attention-panel-${theme}.png`),
      fullPage: true,
    });
    if (theme !== 'light') return;
    await openHead(1, 0);
    await page.getByRole('button', { name: 'Arcs' }).click();
    await page.locator('h1').click();
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({
      path: path.join(root, 'test/screenshots/attention-panel-arcs.png'),
      fullPage: true,
    });
  });
}

test('speaks Chinese', async () => {
  const { page } = await open({ language: 'zh-cn' });
  await isComplete();
  for (const name of ['放大', '缩小']) await page.getByRole('button', { name, exact: true }).waitFor();
  await page.getByRole('button', { name: '注意力展开（rollout）' }).click();
  await isComplete();
  await page.getByText('不适用于注意力展开').waitFor();
  await page.screenshot({
    path: path.join(root, 'test/screenshots/attention-panel-zh-cn.png'),
    fullPage: true,
  });
});

/** Cells without line breaks, as these tables have them. */
function readCsv(csv: string): { columns: string[]; rows: string[][] } {
  const cells = (line: string) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .slice(0, -1)
      .map((match) => match[1]!.replace(/^"|"$/g, '').replaceAll('""', '"'));
  const [columns, ...rows] = csv.trimEnd().split('\r\n').map(cells);
  return { columns: columns!, rows };
}

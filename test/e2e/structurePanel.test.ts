/** The structure panel's page in Chromium, answered by the real engine. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { CancellationToken } from 'vscode';
import { root } from '../../scripts/lib/project.ts';
import type { RequestOptions } from '../../src/host/engine/client.ts';
import {
  importanceParams,
  type MeasuredQuestion,
  StructureAnswers,
  textContent,
} from '../../src/host/panel/structure/answers.ts';
import { labels } from '../../src/host/panel/structure/labels.ts';
import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import { type StructurePanel, structurePanel } from '../../src/protocol/panels/structure.ts';
import type { Importance, PartialImportance, Structure } from '../../src/protocol/results.ts';
import { elementsOf, parseXml, textOf } from '../fixtures/xml.ts';
import { seriousFindings } from '../harness/axe.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { hostEngine } from '../harness/hostEngine.ts';
import {
  keptBy,
  openPanelPage,
  type PageHost,
  type PanelPage,
  type Theme,
  themes,
} from '../harness/panelPage.ts';
import { checkTabStops } from '../harness/tabStops.ts';

const modelDir = path.join(root, 'models/tiny-gpt2');
const text = 'To install the package, run npm install. To remove the package, run npm';
const modelText = { modelDir, text, bos: false };
const question: MeasuredQuestion = { at: { kind: 'end' }, explained: null };
const key = 'reading 1';
const content = { model: modelDir, text: textContent(key, 'notes.md', text, question, true) };

const engine = openEngine();
let browser: BrowserWindow;
let page: Page;
let structure: Structure;
let importance: Importance;

before(async () => {
  mkdirSync(path.join(root, 'test/screenshots'), { recursive: true });
  browser = await openBrowser();
  structure = await engine.structure({ modelDir }, Run.detached());
  importance = await engine.importance(importanceParams(modelText, question), Run.detached());
});
after(async () => {
  await browser[Symbol.asyncDispose]();
  await engine.dispose();
});
beforeEach(async () => {
  const context = page ? page.context() : browser.page.context();
  const next = await context.newPage();
  await (page ?? browser.page).close();
  page = next;
});

const answersNow = () =>
  new StructureAnswers(hostEngine(engine), {
    modelDir: () => modelDir,
    measured: () => importanceParams(modelText, question),
  });

async function open(host: Partial<PageHost<StructurePanel>> = {}): Promise<PanelPage<StructurePanel>> {
  const shown = { entry: 'structure', protocol: structurePanel, labels, content, answers: answersNow() };
  const panel = await openPanelPage(page, { ...shown, ...host });
  await page.getByRole('treegrid').waitFor();
  return panel;
}

/** Of a model with another name. */
const named = (answer: AnswerOf<StructurePanel, 'structure'>, name: string) => ({
  ...answer,
  structure: answer.structure && { ...answer.structure, info: { ...answer.structure.info, name } },
});

async function measureNow(): Promise<void> {
  await page.getByRole('button', { name: 'Measure on' }).click();
  await page.locator('.importance details dl').waitFor({ state: 'attached' });
  await page.locator('progress').waitFor({ state: 'detached' });
}

const ordersOf = ({ sent }: PanelPage) =>
  sent.filter(({ type }) => type === 'order').map(({ order }) => order);

const shot = (name: string) =>
  page.screenshot({ path: path.join(root, 'test/screenshots', name), fullPage: true });

test('looks right in every theme and in Chinese, and is accessible', async () => {
  for (const [theme, language] of [
    ...themes.map((theme) => [theme, 'en'] as const),
    ['light', 'zh-cn'] as const,
  ]) {
    await open({ theme: theme as Theme, language });
    await page.getByRole('row').nth(2).waitFor();
    await page.getByRole('row').nth(3).click();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-id="h.0.attn"]').click();
    await page.keyboard.press('ArrowRight');
    await page.locator('button.main').click();
    await page.locator('.correlations').waitFor();
    await page.locator('progress').waitFor({ state: 'detached' });
    await shot(`structure-panel-${language === 'en' ? theme : 'zh-cn'}.png`);
    if (theme === 'light' || theme === 'highContrast') assert.deepEqual(await seriousFindings(page), []);
    await page.evaluate(() => sessionStorage.clear());
    const next = await page.context().newPage();
    await page.close();
    page = next;
  }
});

test('the tree has the engine’s numbers, and their sums at every inner node', async () => {
  await open();
  await page.getByRole('button', { name: 'Open all' }).click();
  const cells = async (id: string) => page.locator(`[data-id="${id}"] td`).allInnerTexts();
  await eventually(async () =>
    assert.deepEqual(
      await page.locator('[role="treegrid"] code').allInnerTexts(),
      structure.weights.map(({ name }) => name),
    ),
  );

  const number = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 });
  for (const { name, shape, parameters, norm, rms, most } of structure.weights) {
    const shown = await cells(name);
    assert.equal(shown[0], shape.join(' × '), name);
    assert.ok(shown[1]!.startsWith(`${parameters.toLocaleString('en')} · `), `${name}: ${shown[1]}`);
    assert.deepEqual(shown.slice(4, 7), [norm, rms, most].map(number), name);
  }
  // By the shapes of the architecture, not by sums over the tensors.
  const { width: C, layers, heads, inner, vocabularySize: V, contextLength: P } = structure.config;
  const attention = 3 * C * C + 3 * C + C * C + C;
  const mlp = 2 * C * inner + inner + C;
  const all = (V + P) * C + layers * (attention + mlp + 4 * C) + 2 * C;
  const parameters = async (id: string) => (await cells(id))[1]!.split(' · ')[0]!;
  assert.equal(await parameters('h.2.attn'), attention.toLocaleString('en'));
  assert.equal(await parameters('h.2.mlp'), mlp.toLocaleString('en'));
  assert.equal(await parameters('model'), all.toLocaleString('en'));
  const headCounts = await page.locator('[data-id^="h.2.attn.head."] td:nth-child(3)').allInnerTexts();
  assert.equal(headCounts.length, heads);
  const ofHeads = headCounts.map((words) => Number(/^\(([\d,]+) ·/.exec(words)![1]!.replaceAll(',', '')));
  // All heads together are their attention but for the bias of the output projection, which belongs to none.
  assert.equal(
    ofHeads.reduce((sum, count) => sum + count, 0),
    attention - C,
  );
  const writes = await page.locator('[data-id^="h.2.attn.head."] td:nth-child(10)').allInnerTexts();
  assert.deepEqual(writes, [...structure.ofHeads.slice(2 * heads, 3 * heads)].map(number));
  assert.match(
    (await page.locator('[data-id="tied"]').textContent()) ?? '',
    /the same as wte, 0 further parameters/,
  );
});

test('a tree by keyboard: levels are told, keys open, close and go, letters go to names', async () => {
  await open();
  const { layers, heads } = structure.config;
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.id);
  const attribute = (id: string, name: string) =>
    page.locator(`[data-id="${id}"]`).getAttribute(`aria-${name}`);
  assert.equal(await page.locator('[role="treegrid"] tbody tr[tabindex="0"]').count(), 1);
  await page.locator('[data-id="model"]').focus();
  const steps: [key: string, at: string][] = [
    ['ArrowDown', 'embedding'],
    ['b', 'h.0'],
    ['ArrowRight', 'h.0'],
    ['ArrowRight', 'h.0.ln_1'],
    ['ArrowDown', 'h.0.attn'],
    ['ArrowRight', 'h.0.attn'],
    ['End', 'tied'],
    ['Home', 'model'],
    ['h', 'h.0.attn.head.0'],
    ['ArrowLeft', 'h.0.attn'],
    ['ArrowLeft', 'h.0.attn'],
    ['ArrowLeft', 'h.0'],
    ['ArrowUp', 'embedding'],
    ['Enter', 'embedding'],
    ['ArrowDown', 'wte.weight'],
  ];
  for (const [key, at] of steps) {
    await page.keyboard.press(key);
    await eventually(async () => assert.equal(await focused(), at, `after ${key}`));
    // Letters typed at once would be one word.
    if (key.length === 1) await page.waitForTimeout(800);
  }
  assert.deepEqual([await attribute('h.0', 'level'), await attribute('h.0', 'expanded')], ['2', 'true']);
  assert.deepEqual(
    [await attribute('h.0.attn', 'level'), await attribute('h.0.attn', 'expanded')],
    ['3', 'false'],
  );
  assert.equal(await attribute('h.0', 'setsize'), String(layers + 3));
  assert.equal(await attribute('h.0', 'posinset'), '2');
  assert.equal(await attribute('wte.weight', 'expanded'), null);

  await page.locator('[data-id="h.1"]').focus();
  // None waits for another one: a slow machine's pauses would part the word.
  await Promise.all(Array.from('block 3', (letter) => page.keyboard.press(letter)));
  await eventually(async () => assert.equal(await focused(), 'h.3'));
  await page.keyboard.press('*');
  await page.locator('[data-id="h.2.attn"]').focus();
  await page.keyboard.press('ArrowRight');
  await eventually(async () =>
    assert.equal(await page.locator('[data-id^="h.2.attn.head."]').count(), heads),
  );
});

test('the tree and each map are one stop of Tab', async () => {
  await open();
  await page.getByRole('button', { name: 'Open all' }).click();
  await measureNow();
  await checkTabStops(page);
});

test('is measured on demand, cell by cell the engine’s effects; pressing a head opens its attention', async () => {
  // What the host is answered: measured again, cut otherwise on a busy machine, the last bits of a sum are others.
  let measured: PartialImportance = importance;
  const answers = answersNow();
  const measure: StructureAnswers['measure'] = async (...asked) => {
    const answer = await answers.measure(...asked);
    measured = answer.importance!;
    return answer;
  };
  const panel = await open({ answers: { ...answers, measure } });
  const { layers, heads } = structure.config;
  assert.equal(await page.locator('.maps canvas').count(), 1);
  await measureNow();
  assert.equal(await page.locator('.maps canvas').count(), 2);
  await page.getByText(`Why "${importance.target.text}"`).waitFor();
  const tables = page.locator('.importance details');
  await tables.first().locator('summary').click();
  const rows = await eventually(async () => {
    const shown = await tables
      .first()
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
      );
    assert.equal(shown.length, layers * (heads + 1));
    return shown;
  });
  const effects = rows.map((cells) => Number(cells[5]));
  const expected = [...measured.ofHeads, ...measured.ofMlps];
  assert.equal(effects.length, expected.length);
  // Tables have six significant digits.
  for (const [part, effect] of expected.entries()) {
    assert.ok(Math.abs(effects[part]! - effect) <= 1e-5 * Math.abs(effect), `${effects[part]} ${effect}`);
  }
  assert.equal(rows[heads + 2]![0], 'block 1 › attention › head 2');

  // In the tree beside its norm, and in words where the pointer is on the map.
  await page.getByRole('button', { name: 'Open all' }).click();
  const signed = (value: number) =>
    value.toLocaleString('en', {
      minimumSignificantDigits: 3,
      maximumSignificantDigits: 3,
      signDisplay: 'exceptZero',
    });
  await eventually(async () =>
    assert.deepEqual(
      await page.locator('[data-id^="h.1.attn.head."] td:last-child').allInnerTexts(),
      [...measured.ofHeads.slice(heads, 2 * heads)].map(signed),
    ),
  );
  const map = page.getByRole('application').nth(1);
  // A pointer that rests there does not point at the row that scrolls below it.
  await page.locator('[data-id="h.0.attn.head.1"] .name').hover();
  await page.locator('[data-id="h.0.attn.head.1"].marked').waitFor();
  await map.focus();
  // The keys go on from it.
  for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  const effect = signed(measured.ofHeads[heads + 2]!);
  await eventually(async () => {
    const said = await page.locator('.mapBar output').allInnerTexts();
    assert.equal(said[1], `block 1 › attention › head 2: the prediction loses ${effect} without it`);
    assert.match(said[0]!, /^block 1 › attention › head 2: can write [\d.]+, rank \d+ of 24$/);
    assert.equal(await page.locator('tr.marked').getAttribute('data-id'), 'h.1.attn.head.2');
  });
  await page.evaluate(() => window.scrollBy(0, -60));
  await page.waitForTimeout(300);
  assert.equal(await page.locator('tr.marked').getAttribute('data-id'), 'h.1.attn.head.2');
  await page.locator('[data-id="h.2.attn.head.1"]').hover();
  const both = page.locator('.mapBar output', { hasText: /^block 2 › attention › head 1: / });
  await eventually(async () => assert.equal(await both.count(), 2));
  await map.hover({ position: { x: 70 + 2 * 48 + 20, y: 34 + 26 + 10 } });
  await page.locator('[data-id="h.1.attn.head.2"].marked').waitFor();
  await map.focus();
  await page.keyboard.press('Enter');
  await eventually(() => assert.deepEqual(ordersOf(panel), [{ kind: 'open-head', layer: 1, head: 2 }]));
  await page.locator('[data-id="h.3.attn.head.4"]').focus();
  await page.keyboard.press('Enter');
  await eventually(() => assert.deepEqual(ordersOf(panel)[1], { kind: 'open-head', layer: 3, head: 4 }));
});

test('the rank correlations are those of the ranks, counted pair by pair', async () => {
  await open();
  await measureNow();
  // Without ties: 1 − 6 Σ d² / (n (n² − 1)).
  const rank = (values: readonly number[], value: number) => values.filter((other) => other <= value).length;
  const rho = (xs: readonly number[], ys: readonly number[]) => {
    const squares = xs.reduce((sum, x, i) => sum + (rank(xs, x) - rank(ys, ys[i]!)) ** 2, 0);
    return 1 - (6 * squares) / (xs.length * (xs.length ** 2 - 1));
  };
  const [writes, effects] = [[...structure.ofHeads], [...importance.ofHeads]];
  assert.equal(new Set(writes).size + new Set(effects.map(Math.abs)).size, 2 * writes.length);
  const shown = await page.locator('.correlations tbody tr').first().locator('td').allInnerTexts();
  for (const [i, ys] of [effects, effects.map(Math.abs)].entries()) {
    assert.ok(Math.abs(Number(shown[i]) - rho(writes, ys)) <= 5e-4, `${shown[i]} is not ${rho(writes, ys)}`);
  }
  assert.equal(shown[2], String(writes.length));
});

test('fills in as it comes, and can be cancelled', async () => {
  const { layers, heads } = structure.config;
  const begun = Promise.withResolvers<CancellationToken>();
  const panel = await open({
    answers: {
      ...answersNow(),
      measure(_, { cancellation, report }) {
        const ofHeads = importance.ofHeads.map((value, i) => (i < heads ? value : Number.NaN));
        const ofMlps = importance.ofMlps.map((value, i) => (i < 1 ? value : Number.NaN));
        const partial = { ...importance, ofHeads, ofMlps };
        report({ done: heads + 1, total: layers * (heads + 1), importance: partial });
        begun.resolve(cancellation);
        return new Promise((_, reject) => cancellation.onCancellationRequested(() => reject(new Error(''))));
      },
    },
  });
  await page.getByRole('button', { name: 'Measure on' }).click();
  const cancellation = await begun.promise;
  await page.getByText(`${heads + 1} of ${layers * (heads + 1)} parts`).waitFor();
  assert.equal(await page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value), heads + 1);
  assert.equal(await page.locator('.correlations tbody tr').first().locator('td').last().textContent(), '6');
  const map = page.getByRole('application').nth(1);
  await map.focus();
  for (const key of ['ArrowRight', 'PageDown']) await page.keyboard.press(key);
  await page.getByText('block 3 › attention › head 0: not measured yet').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Measure on' }).waitFor();
  await eventually(() => assert.ok(cancellation.isCancellationRequested));
  assert.equal(panel.sent.filter(({ type }) => type === 'drop').length, 1);
  assert.equal(await page.locator('progress').count(), 0);
});

test('a refusal is shown where the question was asked, and one can try again', async () => {
  let asked = 0;
  await open({
    before: (name) => {
      if (name === 'measure' && asked++ === 0) throw new Error('The text is empty.');
    },
  });
  await page.getByRole('button', { name: 'Measure on' }).click();
  await page.locator('.problem', { hasText: 'The text is empty.' }).waitFor();
  await page.getByRole('button', { name: 'Measure on' }).click();
  await page.locator('.correlations').waitFor();
  assert.equal(await page.locator('.problem').count(), 0);
});

test('hostile names and texts are shown as texts', async () => {
  const hostile = '<img src=x onerror="window.hacked=1">\u202e{0}';
  const explained = {
    target: { ...importance.target, position: 3, span: null, text: hostile },
    foil: { ...importance.foil!, ids: [1], text: '</script>\n' },
  };
  const shown = textContent(key, hostile, `a ${hostile}`, { at: { kind: 'end' }, explained }, true);
  const answers = answersNow();
  await open({
    content: { model: hostile, text: shown },
    answers: { ...answers, structure: async (...asked) => named(await answers.structure(...asked), hostile) },
  });
  assert.equal(
    await page.getByRole('heading', { level: 1 }).textContent(),
    '<img src=x onerror="window.hacked=1">‹U+202E›{0}',
  );
  const question = (await page.locator('.question').textContent()) as string;
  assert.ok(question.includes('"<img src=x onerror="window.hacked=1">‹U+202E›{0}"'), question);
  assert.ok(question.includes('"</script>↵"'), question);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.evaluate('window.hacked'), undefined);
});

test('exports what it shows: pictures, the whole tree as CSV, all numbers as JSON', async () => {
  const panel = await open();
  await measureNow();
  const exported = async (bar: number, name: string) => {
    const before = panel.sent.length;
    await page.locator('.exports').nth(bar).getByRole('button', { name, exact: true }).click();
    return eventually(() => {
      const said = panel.sent.slice(before).find(({ type }) => type === 'save' || type === 'copy');
      assert.ok(said, `${name} has no effect`);
      return said as { type: string; extension: string; data: string; text: string };
    });
  };
  const { layers, heads } = structure.config;
  const csv = (await exported(0, 'CSV')).data;
  assert.equal(
    csv.split('\r\n').length - 2,
    1 + 1 + 2 + layers * (1 + 1 + 2 + 1 + 4 + heads + 1 + 2 + 1 + 4) + 3 + 1,
  );
  assert.ok(csv.includes('block 3 › attention › head 5,'));
  const svg = parseXml((await exported(1, 'SVG')).data.trimEnd());
  const squares = elementsOf(svg).filter(
    ({ name, attributes }) => name === 'rect' && attributes.width === '24',
  );
  assert.equal(squares.length, 2 * layers * (heads + 1));
  assert.ok(elementsOf(svg).some((element) => element.name === 'text' && textOf(element) === 'block 3'));
  for (const bar of [0, 1]) {
    const { data } = await exported(bar, 'SVG');
    writeFileSync(path.join(root, `test/screenshots/structure-panel-export-${bar}.svg`), data);
  }
  const json = JSON.parse((await exported(1, 'JSON')).data);
  assert.deepEqual(json.importance.ofHeads, [...importance.ofHeads]);
  assert.deepEqual(json.writes.ofMlps, [...structure.ofMlps]);
  assert.equal(json.importance.receipt.textSha256, importance.receipt.textSha256);
  const tree = (await exported(0, 'JSON')).data;
  assert.equal(JSON.parse(tree).weights.length, structure.weights.length);
  assert.ok(!tree.includes(root), 'the folder is nobody’s business');
  const png = Buffer.from((await exported(1, 'PNG')).data, 'base64');
  assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.match(
    (await exported(1, 'Copy as Markdown')).text,
    /^\| block 1 › attention › head 2 \| 1 \| 2 \| /m,
  );
});

test('open nodes, the keyboard’s place and measured values survive a reload', async () => {
  let measurements = 0;
  await open({
    before: (name) => name === 'measure' && measurements++,
  });
  await page.locator('[data-id="h.1"] .name').click();
  await page.locator('[data-id="h.1.mlp"]').focus();
  await measureNow();
  await page.reload();
  await page.locator('.correlations').waitFor();
  assert.equal(await page.locator('[data-id="h.1"]').getAttribute('aria-expanded'), 'true');
  assert.equal(await page.locator('tbody tr[tabindex="0"]').getAttribute('data-id'), 'h.1.mlp');
  assert.equal(measurements, 2);
});

test('of the text nothing is kept over a reload', async () => {
  const panel = await open();
  await page.getByText('To remove the package, run npm').waitFor();
  await page.locator('[data-id="h.1"] .name').click();
  panel.forget();
  await page.reload();
  await page.locator('.empty').waitFor();
  const kept = await keptBy(page);
  assert.match(kept, /"h\.1"/);
  assert.doesNotMatch(kept, /remove|package/);
});

test('another text is not taken for the one that was measured; a changed one says so', async () => {
  const panel = await open();
  await measureNow();
  await panel.show({ ...content, text: { ...content.text, isCurrent: false } });
  await page.getByText('The text has been changed since.').waitFor();
  assert.equal(await page.locator('.correlations').count(), 1);
  await page.getByRole('button', { name: 'Read Again' }).click();
  await eventually(() => assert.deepEqual(ordersOf(panel), [{ kind: 'look' }]));
  await panel.show({ ...content, text: { ...content.text, key: 'reading 2' } });
  await page.getByRole('button', { name: 'Measure on' }).waitFor();
  assert.equal(await page.locator('.correlations').count(), 0);
  await panel.show({ model: modelDir, text: null });
  await page.getByRole('button', { name: 'Read the Text in the Editor' }).click();
  await eventually(() => assert.deepEqual(ordersOf(panel), [{ kind: 'look' }, { kind: 'look' }]));
});

test('while another checkpoint is read, nothing of the earlier one is shown', async () => {
  const gate = Promise.withResolvers<void>();
  let model = modelDir;
  const subject = { modelDir: () => model, measured: () => importanceParams(modelText, question) };
  const engineOfBoth = {
    ...hostEngine(engine),
    /** Another checkpoint has the same weights here. */
    structure: async (_: unknown, options: RequestOptions) => {
      const read = model;
      if (read !== modelDir) await gate.promise;
      const real = await hostEngine(engine).structure({ modelDir }, options);
      return read === modelDir ? real : { ...real, info: { ...real.info, name: 'other' } };
    },
  };
  const panel = await open({ answers: new StructureAnswers(engineOfBoth, subject) });
  await measureNow();
  model = '/other';
  await panel.show({ ...content, model, text: { ...content.text, key: 'reading 2' } });
  await page.getByText('Reading…').waitFor();
  assert.equal(await page.getByRole('treegrid').count(), 0);
  assert.equal(await page.locator('.maps').count(), 0);
  gate.resolve();
  await page.getByRole('heading', { level: 1, name: 'other' }).waitFor();
  assert.equal(await page.locator('.correlations').count(), 0);
});

test('fits into a narrow panel', async () => {
  await page.setViewportSize({ width: 300, height: 800 });
  await open();
  await measureNow();
  await page.locator('.maps canvas').nth(1).waitFor();
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 300),
  );
  await page.screenshot({
    path: path.join(root, 'test/screenshots/structure-panel-narrow.png'),
    fullPage: true,
  });
});

test('hovering the predicted token points at it in the editor, and the reverse', async () => {
  const explained = { target: { ...importance.target, position: 3, span: { start: 0, end: 3 } }, foil: null };
  const shown = textContent(key, 'notes.md', text, { at: { kind: 'end' }, explained }, true);
  const panel = await open({ content: { model: modelDir, text: shown } });
  await page.locator('mark').hover();
  await eventually(() => assert.deepEqual(panel.sent.at(-1), { type: 'point', content: 1, token: 0 }));
  await page.locator('h1').hover();
  await eventually(() => assert.deepEqual(panel.sent.at(-1), { type: 'point', content: 1, token: null }));
  await panel.post({ type: 'pointed', content: 1, token: 0 });
  await page.locator('mark.pointed').waitFor();
});

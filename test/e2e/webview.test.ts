/** The panel's page by itself, in a browser, with the messages that a host could send. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { distDir } from '../../scripts/lib/project.ts';
import type { PanelExplanation, PanelTexts, ToPanel } from '../../src/protocol/panel.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';

const texts: PanelTexts = {
  empty: 'Nothing yet',
  detached: 'Not linked',
  order: 'Order',
  readingOrder: 'as in the text',
  byStrength: 'strongest first',
  token: 'Token',
  contribution: 'Contribution',
  share: 'Share',
  receipt: 'Receipt',
};

const hostile =
  '</th></table><script>window.hacked = true</script><img src=x onerror="window.hacked = true">';

const explanation: PanelExplanation = {
  id: 3,
  title: `Why "${hostile}"?`,
  legend: [
    { side: 'for', meaning: 'for' },
    { side: 'against', meaning: 'against' },
  ],
  remarks: ['a remark'],
  rows: [
    { text: 'France', score: 0.25, scoreText: '+0.250', shareText: '14%' },
    { text: hostile, score: -1, scoreText: '-1.00', shareText: '57%' },
    { text: ' is', score: 0.5, scoreText: '+0.500', shareText: '29%' },
  ],
  totals: [{ name: 'Sum', value: '-0.250' }],
  receipt: [{ name: 'Model', value: hostile }],
};

const stub = `
  window.sent = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.sent.push(message),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });`;

let browser: BrowserWindow;
let page: Page;

before(async () => {
  browser = await openBrowser();
  page = browser.page;
  const built = (name: string) => readFileSync(path.join(distDir, 'webview', name), 'utf8');
  await page.route('http://panel.test/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: built(name) });
    if (name.endsWith('.css')) return route.fulfill({ contentType: 'text/css', body: built(name) });
    const policy = "default-src 'none'; script-src 'nonce-x'; style-src http://panel.test";
    const body = `<!DOCTYPE html><html lang="en"><head><title>t</title>
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <link rel="stylesheet" href="explanation.css"></head><body><main id="root"></main>
      <script nonce="x">${stub}</script><script nonce="x" src="explanation.js"></script></body></html>`;
    return route.fulfill({ contentType: 'text/html', body });
  });
});

after(() => browser[Symbol.asyncDispose]());

beforeEach(async () => {
  await page.goto('http://panel.test/');
  await page.evaluate(() => sessionStorage.clear());
  await page.goto('http://panel.test/');
});

const post = (message: unknown) => page.evaluate((data) => window.postMessage(data, '*'), message);
const start = (shown: PanelExplanation | null): ToPanel => ({ type: 'start', texts, explanation: shown });
const sent = () => page.evaluate('window.sent') as Promise<unknown[]>;
const rowNames = () => page.locator('tbody th').allInnerTexts();

test('says that it is ready, and that there is nothing yet', async () => {
  assert.deepEqual(await sent(), [{ type: 'ready' }]);
  await post(start(null));
  await page.getByText('Nothing yet').waitFor();
});

test('draws each token as text with a bar to its side, and the totals', async () => {
  await post(start(explanation));
  await page.locator('table').waitFor();
  assert.deepEqual(await rowNames(), ['France', hostile, ' is']);
  const bars = await page
    .locator('tbody rect')
    .evaluateAll((all) => all.map((bar) => ['x', 'width'].map((name) => Number(bar.getAttribute(name)))));
  assert.deepEqual(bars, [
    [50, 12.5],
    [0, 50],
    [50, 25],
  ]);
  assert.equal(await page.locator('tfoot').textContent(), 'Sum-0.250');
  assert.equal(await page.evaluate('window.hacked'), undefined);
  assert.equal(await page.locator('img').count(), 0);
});

test('sorts by strength, and still points at the token’s place in the text', async () => {
  await post(start(explanation));
  await page.getByLabel('Order').selectOption({ label: 'strongest first' });
  assert.deepEqual(await rowNames(), [hostile, ' is', 'France']);
  await page.locator('tbody tr').nth(1).hover();
  assert.deepEqual((await sent()).at(-1), { type: 'point', explanation: 3, row: 2 });
  await page.locator('h1').hover();
  assert.deepEqual((await sent()).at(-1), { type: 'point', explanation: 3, row: null });
});

test('the arrow keys, Home and End move through the rows', async () => {
  await post(start(explanation));
  await page.getByLabel('Order').focus();
  await page.keyboard.press('Tab');
  for (const [key, row] of [
    ['ArrowDown', 1],
    ['End', 2],
    ['ArrowDown', 2],
    ['Home', 0],
  ] as const) {
    await page.keyboard.press(key);
    assert.deepEqual((await sent()).at(-1), { type: 'point', explanation: 3, row }, key);
  }
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SUMMARY');
});

test('shows what it showed before when it is drawn again, unlinked until the host knows it', async () => {
  await post(start(explanation));
  await page.getByLabel('Order').selectOption({ label: 'strongest first' });
  await page.goto('http://panel.test/');
  await page.getByText('Not linked').waitFor();
  assert.deepEqual(await rowNames(), [hostile, ' is', 'France']);
  await page.locator('tbody tr').first().hover();
  assert.deepEqual(await sent(), [{ type: 'ready' }]);
  await post(start({ ...explanation, id: 4 }));
  await page.getByText('Not linked').waitFor({ state: 'hidden' });
});

test('passes over what is no message', async () => {
  await post(start(explanation));
  await page.locator('table').waitFor();
  for (const message of [null, 7, { type: 'show' }, { type: 'show', explanation: { id: 1 } }])
    await post(message);
  await post({ type: 'show', explanation: null });
  await page.getByText('Nothing yet').waitFor();
});

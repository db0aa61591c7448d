/**
 * Measures how fast panels draw, in a headless browser that draws without a GPU; prints milliseconds, asserts nothing.
 * Needs `node scripts/build.ts` first.
 *
 *     node test/bench/panels.ts [--model DIR] [--rounds N]
 *
 * Without a model: a random checkpoint of GPT-2's smallest size (124M parameters, 498 MB in the temporary folder).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { Call, PanelAnswers } from '../../src/host/panel/answers.ts';
import { attentionAnswers } from '../../src/host/panel/attention/answers.ts';
import { labels } from '../../src/host/panel/attention/labels.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { type AttentionPanel, attentionPanel } from '../../src/protocol/panels/attention.ts';
import { gpt2Small, writeCheckpoint } from '../fixtures/checkpoint.ts';
import { openBrowser } from '../harness/browser.ts';
import { hostEngine } from '../harness/hostEngine.ts';
import { openPanelPage } from '../harness/panelPage.ts';

const { values } = parseArgs({
  options: { model: { type: 'string' }, rounds: { type: 'string', default: '20' } },
});
const rounds = Number(values.rounds);
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-'));
process.on('exit', () => fs.rmSync(temporary, { recursive: true }));
const modelDir = values.model ?? writeCheckpoint(path.join(temporary, 'gpt2-small'), gpt2Small);

const engine = openEngine();
const verbs = hostEngine(engine);

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (quantile: number) =>
    sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)]?.toFixed(1).padStart(7);
  console.log(
    `${what.padEnd(58)} p50 ${at(0.5)}  p95 ${at(0.95)}  worst ${at(1)}  n ${String(sorted.length).padStart(4)}`,
  );
}

/** Clocks in the page: from a message's arrival to the frame after what it brings has been drawn. */
async function installClocks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const clocks = window as unknown as Clocks & { lastDraw: number };
    const { drawImage } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.drawImage = function (
      this: CanvasRenderingContext2D,
      ...rest: never[]
    ) {
      drawImage.apply(this, rest as never);
      if (this.canvas.isConnected) clocks.lastDraw = performance.now();
    } as typeof drawImage;
    // Counted from the sending, with the copy that is made for it: the page's own listener comes before any of ours.
    const post = window.postMessage.bind(window);
    let wanted: { property: string; resolve: (times: [number, number]) => void } | null = null;
    window.postMessage = ((data: { type?: string; answer?: object }, origin: string) => {
      const waiting = wanted;
      if (waiting && data.type === 'answer' && data.answer && waiting.property in data.answer) {
        wanted = null;
        const start = performance.now();
        const look = () => {
          if (clocks.lastDraw < start) requestAnimationFrame(look);
          else
            requestAnimationFrame(() =>
              waiting.resolve([clocks.lastDraw - start, performance.now() - start]),
            );
        };
        requestAnimationFrame(look);
      }
      post(data, origin);
    }) as typeof window.postMessage;
    clocks.untilShown = (property) =>
      new Promise((resolve) => {
        wanted = { property, resolve };
      });
    clocks.lastDraw = 0;
    clocks.frames = [];
    clocks.scripts = [];
    clocks.watch = (selector) => {
      let last: number | null = null;
      let begun = 0;
      const view = document.querySelector(selector)!;
      // The page's own handler runs between the two.
      view.addEventListener(
        'scroll',
        () => {
          begun = performance.now();
        },
        true,
      );
      view.addEventListener('scroll', () => clocks.scripts.push(performance.now() - begun));
      const tick = (now: number) => {
        if (last !== null) clocks.frames.push(now - last);
        last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    };
  });
}

interface Clocks {
  /** To the last drawing call, and to the frame after it. */
  untilShown(property: string): Promise<[number, number]>;
  /** Between frames, and in the page's scroll handler. */
  frames: number[];
  scripts: number[];
  watch(selector: string): void;
}

/** A text of so many tokens with BOS, in every vocabulary that knows the words. */
const textOf = (tokens: number) =>
  ' the of'
    .repeat(tokens)
    .split(/(?= )/)
    .slice(0, tokens - 1)
    .join('');

const call: Call<unknown> = { cancellation: new CancellationTokenSource().token, report() {} };

/** The engine's answers once each: what is measured is drawing. */
function remembered({ thumbnails, map, patterns, prediction }: PanelAnswers<AttentionPanel>) {
  const once = <Params extends object, Answer>(
    answer: (params: Params, call: Call<Answer>) => Promise<Answer>,
  ) => {
    const known = new Map<string, Promise<Answer>>();
    return (params: Params) => {
      const key = JSON.stringify(Object.entries(params).toSorted());
      const found = known.get(key) ?? answer(params, call);
      known.set(key, found);
      return found;
    };
  };
  return {
    thumbnails: once(thumbnails),
    map: once(map),
    patterns: once(patterns),
    prediction: once(prediction),
  };
}

async function openAttention(tokens: number, width: number) {
  const text = { modelDir, text: textOf(tokens), bos: true };
  const content = { reading: 1, document: 'bench.txt', text: text.text, isCurrent: true, asked: null };
  const answers = remembered(
    attentionAnswers(
      verbs,
      () => text,
      () => {},
    ),
  );
  const browser = await openBrowser({ viewport: { width, height: 800 } });
  const { page } = browser;
  const panel = await openPanelPage(page, {
    ...{ entry: 'attention', protocol: attentionPanel, labels, content: null, answers },
  });
  await installClocks(page);
  const shown = (property: string) =>
    page.evaluate((name) => (window as unknown as Clocks).untilShown(name), property);
  return { browser, page, panel, content, answers, shown };
}

/** @param isBusy the engine answers the page's other questions meanwhile, as it does when a text is read first */
async function dataToScreen(tokens: number, isBusy: boolean): Promise<void> {
  const { browser, page, panel, content, answers, shown } = await openAttention(tokens, 1280);
  const read = await answers.thumbnails({ size: 64 });
  const load = isBusy ? 'engine busy at first' : 'engine idle';
  const what = `${read.layers} × ${read.heads} heads, ${read.tokens.length} tokens, ${load}`;
  if (!isBusy) {
    const view = { withoutFirst: false, gradient: false, layer: 0 };
    await answers.map({ view: 'mean', ...view, head: 0 });
    for (let head = 0; head < read.heads; head++) await answers.map({ view: 'head', ...view, head });
    await answers.prediction({ without: [] });
    await answers.patterns({});
  }
  const [drawn, framed]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const timed = shown('layers');
    await panel.show({ ...content, reading: round + 1 });
    const [toDrawing, toFrame] = await timed;
    if (round < 3)
      console.log(`${what}: time ${round + 1}: ${toDrawing.toFixed(1)} drawn, ${toFrame.toFixed(1)} framed`);
    drawn.push(toDrawing);
    framed.push(toFrame);
    await page.waitForTimeout(200);
  }
  report(`${what}: data to drawn`, drawn);
  report(`${what}: data to the frame after`, framed);
  const [mapDrawn, mapFramed]: [number[], number[]] = [[], []];
  await page.locator('.heads').focus();
  await page.keyboard.press('Home');
  for (let round = 0; round < Math.min(rounds, read.heads - 1); round++) {
    await page.keyboard.press('ArrowRight');
    const timed = shown('most');
    await page.keyboard.press('Enter');
    const [toDrawing, toFrame] = await timed;
    mapDrawn.push(toDrawing);
    mapFramed.push(toFrame);
    await page.waitForTimeout(100);
  }
  report(`one head, ${read.tokens.length} tokens: data to drawn`, mapDrawn);
  report(`one head, ${read.tokens.length} tokens: data to the frame after`, mapFramed);
  await browser[Symbol.asyncDispose]();
}

async function scrolling(tokens: number): Promise<void> {
  const { browser, page, panel, content, answers, shown } = await openAttention(tokens, 1280);
  const timed = shown('most');
  await panel.show(content);
  const [toDrawing, toFrame] = await timed;
  // A context may be shorter than what was asked for.
  const asked = { view: 'mean', withoutFirst: false, gradient: false, layer: 0, head: 0 } as const;
  tokens = (await answers.map(asked)).size;
  report(`${tokens} tokens: data to drawn, the first time`, [toDrawing]);
  report(`${tokens} tokens: data to the frame after, the first time`, [toFrame]);
  await page.locator('.legend b').first().waitFor();
  const map = page.locator('.map');
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => (window as unknown as Clocks).watch('.map'));
  const taken = () =>
    page.evaluate(() => {
      const clocks = window as unknown as Clocks;
      return [clocks.frames.splice(0), clocks.scripts.splice(0)] as const;
    });
  await page.waitForTimeout(1000);
  report('nothing moves: between frames', (await taken())[0]);
  await page.keyboard.down('Control');
  for (let step = 0; step < 14; step++) await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  const [zooming] = await taken();
  report(`${tokens} tokens, zooming in: between frames`, zooming);
  for (const [name, dx, dy] of [
    ['down', 0, 40],
    ['along the diagonal', 40, 40],
  ] as const) {
    await page.evaluate(() => document.querySelector('.map')!.scrollTo(0, 0));
    await page.waitForTimeout(300);
    await taken();
    for (let step = 0; step < 200; step++) await page.mouse.wheel(dx, dy);
    const [frames, scripts] = await taken();
    report(`${tokens} tokens, scrolling ${name}: between frames`, frames);
    report(`${tokens} tokens, scrolling ${name}: our part`, scripts);
  }
  const [left, top] = await page.evaluate(() => {
    const { scrollLeft, scrollTop } = document.querySelector('.map')!;
    return [scrollLeft, scrollTop];
  });
  console.log(`scrolled to ${left}, ${top}`);
  await browser[Symbol.asyncDispose]();
}

await dataToScreen(256, true);
await dataToScreen(256, false);
await scrolling(1024);
await engine.dispose();

/**
 * Measures what a person waits for in the real editor, with the packaged extension; prints milliseconds, asserts
 * nothing. Needs `npm run package` first.
 *
 *     node test/bench/editor.ts [--model DIR] [--rounds N]
 *
 * Without a model: the bundled one.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type Opened, openInstalled } from '../harness/installed.ts';

const { values } = parseArgs({
  options: { model: { type: 'string' }, rounds: { type: 'string', default: '20' } },
});
const rounds = Number(values.rounds);

/**
 * Sentences of about 120 tokens in all, each line another one, so that none is the other's prefix; as many as are asked
 * about, because what was asked before is known.
 */
const lines = Array.from({ length: rounds + 4 }, (_, line) =>
  Array.from(
    { length: 5 },
    (_, part) =>
      `The ${['river', 'teacher', 'market', 'garden'][(line + part) % 4]} of number ${line * 5 + part} was near the old house, and`,
  ).join(' '),
);

function report(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.ceil(quantile * sorted.length) - 1]?.toFixed(0).padStart(6);
  console.log(`${what.padEnd(58)} median ${at(0.5)}  p95 ${at(0.95)}  n ${sorted.length}`);
}

/** Puts clocks into the page: they see what a person sees, and when. */
async function installClocks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const target = window as unknown as { whenDrawn: (selector: string, text: string) => Promise<number> };
    target.whenDrawn = (selector, text) =>
      new Promise((resolve) => {
        const look = () => {
          const found = [...document.querySelectorAll(selector)].some((one) =>
            one.textContent?.includes(text),
          );
          if (found) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      });
  });
}

/** From an event of the page to the frame in which something is there. */
function timed(page: Page, event: string, selector: string, text = ''): Promise<number> {
  return page.evaluate(
    ([name, wanted, words]) =>
      new Promise<number>((resolve) => {
        const { whenDrawn } = window as unknown as { whenDrawn: (s: string, t: string) => Promise<number> };
        const begin = ({ timeStamp, key }: Event & { key?: string }) => {
          if (name === 'keydown' && key?.toLowerCase() !== 'g') return;
          document.removeEventListener(name!, begin as EventListener, true);
          void whenDrawn(wanted!, words!).then((time) => resolve(time - timeStamp));
        };
        document.addEventListener(name!, begin as EventListener, true);
      }),
    [event, selector, text],
  );
}

const colours = '.editor-group-container.active .view-overlays [class*="ced-"]';

async function goToLine({ workbench: { page } }: Opened, line: number): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.keyboard.type(String(line));
  await page.keyboard.press('Enter');
  await page.waitForTimeout(150);
}

async function firstColours(opened: Opened, first: number, count: number): Promise<number[]> {
  const { page } = opened.workbench;
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    await goToLine(opened, first + round);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Control+k');
    const time = timed(page, 'keydown', colours);
    await page.waitForTimeout(50);
    await page.keyboard.press('Control+g');
    times.push(await time);
    await opened.workbench.statusBar(/Why "/).waitFor();
    await page.waitForTimeout(300);
    await page.keyboard.press('Escape');
    await page.locator(colours).first().waitFor({ state: 'detached' });
  }
  return times;
}

/** Every round hovers one of lines 2 to 9, after an edit of the first line or of the line before it. */
async function hoverToNumbers(opened: Opened, edited: 'first' | 'before'): Promise<number[]> {
  const { page } = opened.workbench;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const above = round % 8;
    await goToLine(opened, edited === 'first' ? 1 : 1 + above);
    await page.keyboard.type(`${round} `);
    await page.mouse.move(5, 5);
    await page.waitForTimeout(600);
    const row = page.locator('.editor-group-container.active .view-line').nth(1 + above);
    const box = (await row.boundingBox())!;
    const time = timed(page, 'mousemove', '.monaco-hover:not(.hidden) .hover-contents', 'Probability here');
    await page.waitForTimeout(50);
    await page.mouse.move(box.x + 203, box.y + box.height / 2);
    times.push(await time);
  }
  return times;
}

/** From a key to the frame with its letter, while the engine works and while it does not. */
async function typing(opened: Opened, isBusy: boolean): Promise<number[]> {
  const { page } = opened.workbench;
  if (isBusy) {
    await goToLine(opened, 3);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+g');
    await opened.workbench.statusBar(/Explaining/).waitFor();
  }
  await goToLine(opened, lines.length + 1);
  const times = page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const latencies: number[] = [];
        document.addEventListener(
          'keydown',
          ({ timeStamp }) => {
            const observer = new MutationObserver(() => {
              observer.disconnect();
              requestAnimationFrame(() =>
                setTimeout(() => {
                  latencies.push(performance.now() - timeStamp);
                  if (latencies.length === count) resolve(latencies);
                }),
              );
            });
            const text = document.querySelector('.editor-group-container.active .view-lines')!;
            observer.observe(text, { subtree: true, childList: true, characterData: true });
          },
          true,
        );
      }),
    100,
  );
  // Until the page listens.
  await page.waitForTimeout(200);
  for (let letter = 0; letter < 100; letter++) {
    await page.keyboard.press('x');
    await page.waitForTimeout(40);
  }
  const result = await times;
  if (isBusy && (await opened.workbench.statusBar(/Explaining/).count()) === 0)
    console.log('  (the run ended before the typing did)');
  await page.keyboard.press('Escape');
  return result;
}

/** What `Developer: Show Running Extensions` tells. */
async function activation({ workbench }: Opened): Promise<string> {
  const { page } = workbench;
  await workbench.run('Developer: Show Running Extensions');
  const row = page.locator('.monaco-list-row', { hasText: 'Activation:' }).filter({ hasText: 'Whytoken' });
  // The slowest come first, and only the rows that are in view are drawn.
  const list = page.locator('.monaco-list', { hasText: 'Activation:' });
  await list.waitFor();
  for (let turn = 0; turn < 20 && (await row.count()) === 0; turn++) {
    await list.hover();
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(200);
  }
  const text = await row.locator('.activation-time').textContent();
  await page.keyboard.press('Control+w');
  return text ?? '';
}

/** As a person's own editor of the settings file would; the workbench reads it a moment later. */
async function setSetting(
  { folders, workbench }: Opened,
  name: string,
  value: unknown,
  scope: 'User' | 'Machine',
): Promise<void> {
  const file = path.join(folders.user, scope, 'settings.json');
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...before, [name]: value }));
  await workbench.page.waitForTimeout(2000);
}

await using opened = await openInstalled({
  files: { 'lines.txt': `${lines.join('\n')}\n` },
  settings: {
    'whytoken.hover': 'always',
    'whytoken.context': 'selection',
    'editor.hover.delay': 0,
  },
});
await opened.workbench.openFile('lines.txt');
await installClocks(opened.workbench.page);
// A remote window, as the web workbench is one, takes paths from the machine's settings.
if (values.model) await setSetting(opened, 'whytoken.model.path', path.resolve(values.model), 'Machine');
console.log(values.model ?? 'the bundled model');
await firstColours(opened, rounds + 1, 2); // The model is loaded and warm.
console.log(`activation as VS Code measured it: ${await activation(opened)}`);
report('command → first colours, a line of about 120 tokens', await firstColours(opened, 1, rounds));
report('pointer at rest → numbers, line 1 edited before', await hoverToNumbers(opened, 'first'));
report('pointer at rest → numbers, line above edited before', await hoverToNumbers(opened, 'before'));
report('key → letter drawn, nothing under way', await typing(opened, false));
await setSetting(opened, 'whytoken.steps', 2000, 'User');
report('key → letter drawn, 2,000 gradients under way', await typing(opened, true));
report('key → letter drawn, nothing under way, again', await typing(opened, false));

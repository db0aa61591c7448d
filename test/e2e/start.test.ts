/** `npm start`: a real VS Code that opens on the first minute. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../scripts/lib/project.ts';
import { freePort } from '../../scripts/workbench/codeServer.ts';
import { type ProcessGroup, spawnGroup } from '../../scripts/workbench/processes.ts';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { Workbench } from '../harness/workbench.ts';

let group: ProcessGroup | undefined;
let window: BrowserWindow | undefined;
after(async () => {
  await window?.[Symbol.asyncDispose]();
  await group?.stop();
});

/** @returns the address that it prints */
async function start(locale: string): Promise<string> {
  const args = ['--code-server', '--port', `${await freePort()}`, '--locale', locale];
  group = spawnGroup(process.execPath, [path.join(root, 'scripts/start.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const text of group.child.stdout!.setEncoding('utf8')) {
    printed += text;
    const address = /http:\/\/127\.0\.0\.1:\S+/.exec(printed);
    if (address && printed.includes('Ctrl+C')) return address[0];
  }
  throw new Error(`No address was printed:\n${printed}`);
}

for (const [locale, title, steps] of [
  ['en', 'Why does GPT-2 say that?', 'Explain a selection'],
  ['zh-cn', 'GPT-2 为什么这么说？', '解释所选内容'],
] as const) {
  test(`the first sample is explained, and the walkthrough stands beside it (${locale})`, async () => {
    const address = await start(locale);
    window = await openBrowser({ locale });
    const workbench = new Workbench(window.page);
    const { page } = workbench;
    await workbench.load(address);
    await page
      .locator('.getting-started-category-info, .getting-started', { hasText: title })
      .first()
      .waitFor();
    await page.locator('.step-title', { hasText: steps }).first().waitFor();
    await workbench.statusBar(/" Paris"/).waitFor();
    await eventually(async () => {
      const [left, right] = await Promise.all(
        ['.tab:has-text("capital.md")', '.gettingStartedContainer'].map((one) =>
          page.locator(one).first().boundingBox(),
        ),
      );
      assert.ok(left && right && left.x < right.x, JSON.stringify([left, right]));
      const tick = page.locator('[data-done-step-id$="#select"]');
      assert.equal(await tick.getAttribute('aria-checked'), 'true', 'it was shown already');
    });
    await workbench.screenshot(`start-${locale}`);
    await window[Symbol.asyncDispose]();
    await group!.stop();
  });
}

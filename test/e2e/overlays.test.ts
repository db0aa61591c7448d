/** A person looks at a text in other ways, in every theme, by the keyboard. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Opened, openInstalled } from '../harness/installed.ts';
import type { Workbench } from '../harness/workbench.ts';

const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

const text = [
  '# Cities',
  '',
  'The capital of the United Kingdom is London, and the capital of France is Paris. The river in London is the Thames,',
  'and when people in Paris speak of the river, they mean the Seine.',
  '',
  '北京是中国的首都。',
  '',
].join('\n');

/** Of one pixel of what is on the screen. */
async function colourAt(page: Page, x: number, y: number): Promise<string> {
  const picture = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const context = document.createElement('canvas').getContext('2d')!;
    context.drawImage(image, 0, 0);
    return `rgb(${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(', ')})`;
  }, picture.toString('base64'));
}

/**
 * The colour of the selection as it is on the screen, and as the theme wants it. The editor makes its elements anew
 * whenever it draws, so place and colour are read in one go, and again until what is seen has settled.
 */
async function selectionOnScreen({ page }: Workbench): Promise<{ shown: string; wanted: string }> {
  const drawn = () =>
    page.evaluate(() => {
      const element = document.querySelector('.editor-group-container.active .selected-text');
      if (!element) return undefined;
      const { x, y, width } = element.getBoundingClientRect();
      return width > 0 ? { x, y, wanted: getComputedStyle(element).backgroundColor } : undefined;
    });
  let seen = { shown: 'nothing', wanted: 'a selection' };
  for (let i = 0; i < 40 && seen.shown !== seen.wanted; i++) {
    const at = await drawn();
    if (at) seen = { shown: await colourAt(page, at.x + 3, at.y + 2), wanted: at.wanted };
    else await page.waitForTimeout(50);
  }
  return seen;
}

for (const [name, theme] of Object.entries(themes)) {
  describe(`overlays, ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openInstalled({
        files: { 'notes.md': text },
        settings: { 'workbench.colorTheme': theme, 'editor.wordWrap': 'on' },
      });
      await opened.workbench.openFile('notes.md');
    });
    after(() => opened[Symbol.asyncDispose]());

    test('surprisal colours the whole text, and Escape takes it away', async () => {
      const { workbench } = opened;
      await workbench.run('Whytoken: Show or Hide Surprisal');
      await workbench.statusBar(/Surprisal: [\d.]+ bits a token/).waitFor();
      const drawn = await workbench.decorations();
      assert.ok(drawn.length > 10, `${drawn.length} colours`);
      assert.ok(
        drawn.every(({ background }) => !/\/|rgba/.test(background)),
        'the colours are opaque',
      );
      assert.ok(new Set(drawn.map(({ background }) => background)).size >= 3, 'bands differ');
      await workbench.screenshot(`surprisal-${name}`);
      await workbench.select('London is the Thames');
      const { shown, wanted } = await selectionOnScreen(workbench);
      assert.equal(shown, wanted, 'the selection is seen');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.page.keyboard.press('Escape');
      await workbench.statusBar(/Surprisal/).waitFor({ state: 'hidden' });
      for (let i = 0; i < 60 && (await workbench.decorations()).length > 0; i++)
        await workbench.page.waitForTimeout(50);
      assert.deepEqual(await workbench.decorations(), []);
    });

    test('attention follows the cursor, with arcs and a card on the text', async () => {
      const { workbench } = opened;
      await workbench.select('Paris');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.run('Whytoken: Show or Hide Attention');
      await workbench.statusBar(/Mean attention of all heads: " Paris" attends most to/).waitFor();
      await workbench.screenshot(`attention-${name}`);
      await workbench.page.keyboard.press('Control+ArrowRight');
      await workbench.page.keyboard.press('Control+ArrowRight');
      await workbench.statusBar(/" The" attends most to/).waitFor();
      await workbench.page.keyboard.press('Escape');
    });

    test('a token of the text is explained, the answer stands under its line', async () => {
      const { workbench } = opened;
      await workbench.select('France is Paris');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.page.keyboard.press('Control+k');
      await workbench.page.keyboard.press('Control+y');
      await workbench.statusBar(/Why " Paris" \(\d+(\.\d)?%\) and not "/).waitFor();
      await workbench.page.keyboard.press('Control+k');
      await workbench.page.keyboard.press('Control+Shift+g');
      const answer = workbench.page.locator('.review-widget');
      await answer.getByText(/times as probable as/).waitFor();
      await answer.getByText('spoke for it').first().waitFor();
      await workbench.screenshot(`answer-${name}`);
      await workbench.page.locator('.editor-group-container.active .view-line').first().click();
      await workbench.page.keyboard.press('Escape');
      await answer.waitFor({ state: 'hidden' });
    });
  });
}

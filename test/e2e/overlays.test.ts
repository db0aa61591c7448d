/** A person looks at a text in other ways, in every theme, by the keyboard. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';
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

/** The editor makes its elements anew whenever it draws: the place and the colour of one are read in one go. */
async function checkSelectionIsSeen({ page }: Workbench): Promise<void> {
  const { x, y, colour } = await page.evaluate(() => {
    const element = document.querySelector('.editor-group-container.active .selected-text')!;
    const box = element.getBoundingClientRect();
    return { x: box.x, y: box.y, colour: getComputedStyle(element).backgroundColor };
  });
  assert.equal(await colourAt(page, x + 3, y + 2), colour, 'the selection is seen');
}

/** Of the cards that are in sight. Those that have no room are there too, far away. */
async function cardWidths({ page }: Workbench): Promise<number[]> {
  const drawn = page.locator('.editor-group-container.active .view-line [class*="ced-"]');
  return drawn.evaluateAll((all) =>
    all
      .flatMap((one) => ['::before', '::after'].map((part) => getComputedStyle(one, part)))
      .filter(({ position, borderRadius }) => position === 'fixed' && borderRadius === '3px')
      .filter(({ left, top }) => [left, top].every((side) => Number.parseFloat(side) >= 0))
      .map(({ width }) => Number.parseFloat(width)),
  );
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
      await eventually(async () => {
        const drawn = await workbench.decorations();
        assert.ok(drawn.length > 10, `${drawn.length} colours`);
        assert.ok(
          drawn.every(({ background }) => !/\/|rgba/.test(background)),
          'the colours are opaque',
        );
        assert.ok(new Set(drawn.map(({ background }) => background)).size >= 3, 'bands differ');
      });
      await workbench.screenshot(`surprisal-${name}`);
      await workbench.select('London is the Thames');
      await eventually(() => checkSelectionIsSeen(workbench));
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.page.keyboard.press('Escape');
      await workbench.statusBar(/Surprisal/).waitFor({ state: 'hidden' });
      await eventually(async () => assert.deepEqual(await workbench.decorations(), []));
    });

    test('attention follows the cursor, with arcs and a card on the text', async () => {
      const { workbench } = opened;
      await workbench.select('Paris');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.run('Whytoken: Show or Hide Attention');
      await workbench.statusBar(/Mean attention of all heads: " Paris" attends most to/).waitFor();
      await workbench.screenshot(`attention-${name}`);
      await eventually(async () => assert.deepEqual(await cardWidths(workbench), [420]));
      const size = workbench.page.viewportSize()!;
      await workbench.page.setViewportSize({ ...size, width: 680 });
      await eventually(async () => assert.deepEqual(await cardWidths(workbench), [230]));
      await workbench.screenshot(`attention-narrow-${name}`);
      await workbench.page.setViewportSize(size);
      await workbench.page.keyboard.press('Control+ArrowRight');
      await workbench.page.keyboard.press('Control+ArrowRight');
      await workbench.statusBar(/" The" attends most to/).waitFor();
      await workbench.page.keyboard.press('Escape');
    });

    test('context length: what changes the prediction of a token, in colours', async () => {
      const { workbench } = opened;
      await workbench.select('France is Paris');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.run('Whytoken: Probe Context Length');
      await workbench
        .statusBar(/^.?\s*Context of " Paris" \(\d.*\): most changed by ".+", [\d.]+ bits/)
        .waitFor();
      await eventually(async () => {
        const drawn = await workbench.decorations();
        assert.ok(drawn.length >= 2, `${drawn.length} colours`);
      });
      await workbench.screenshot(`context-length-${name}`);
      await workbench.page.keyboard.press('Escape');
      await workbench.statusBar(/Context of/).waitFor({ state: 'hidden' });
      await eventually(async () => assert.deepEqual(await workbench.decorations(), []));
    });

    test('a token of the text is explained, the answer stands under its line', async () => {
      const { workbench } = opened;
      await workbench.select('France is Paris');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.page.keyboard.press('Control+k');
      await workbench.page.keyboard.press('Control+y');
      await workbench.statusBar(/Why " Paris" \(\d+(\.\d)?%\)/).waitFor();
      await workbench.page.keyboard.press('Control+k');
      await workbench.page.keyboard.press('Control+Shift+g');
      const answer = workbench.page.locator('.review-widget');
      await answer.getByText(/times as probable as|has a probability of/).waitFor();
      await answer.getByText('spoke for it').first().waitFor();
      await workbench.screenshot(`answer-${name}`);
      await workbench.page.locator('.editor-group-container.active .view-line').first().click();
      await workbench.page.keyboard.press('Escape');
      await answer.waitFor({ state: 'hidden' });
    });
  });
}

/** A person selects text and sees why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is Paris.';
const installed = useWorkbench({
  files: {
    'notes.md': `# Cities\n\n${sentence}\n`,
    'lines.txt': 'alpha beta\ngamma delta\nalpha beta\ngamma delta\nalpha beta\n',
    'hostile.txt': '<b>bold</b> [link](command:workbench.action.quit) | `code` $(zap) ![i](https://a.b/c)\n',
  },
  settings: { 'workbench.colorTheme': 'Default Light Modern' },
});

const explained = () => installed.workbench.statusBar(/^.?\s*Why "/);

async function uncoloured(): Promise<void> {
  await eventually(async () => assert.deepEqual(await installed.workbench.decorations(), []));
}

async function coloured(): Promise<void> {
  await eventually(async () => assert.ok((await installed.workbench.decorations()).length >= 2));
}

test('colours, quiet text and the status bar answer the command', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await workbench.select('and the capital of France is');
  await workbench.run('Whytoken: Explain Selection');
  await explained().waitFor();
  await eventually(async () => {
    const drawn = await workbench.decorations();
    const tokens = drawn.filter(({ borderBottom }) => /^[123]px (solid|dashed)/.test(borderBottom));
    assert.ok(tokens.length >= 2, JSON.stringify(drawn));
    for (const { background, width } of tokens) {
      assert.doesNotMatch(background, /\/|rgba/, 'the colours are opaque');
      assert.ok(width > 4);
    }
    assert.ok(new Set(tokens.map(({ background }) => background)).size > 1, 'stronger is darker');
  });
  await workbench.page.locator('.monaco-editor .selected-text').first().waitFor({ state: 'detached' });
  const quiet = workbench.page.locator('.view-line [class*="ced-"]');
  await eventually(async () => {
    const contents = await quiet.evaluateAll((spans) =>
      spans.map((span) => getComputedStyle(span, '::after').content),
    );
    assert.ok(
      contents.some((content) => /⟶ .*Paris.*%/.test(content)),
      contents.join(),
    );
  });
  await workbench.screenshot('explain-light');
});

test('the hover has the numbers', async () => {
  const { workbench } = installed;
  const hover = await workbench.hover('France');
  await hover.getByText(/Probability here/).waitFor();
  await eventually(async () => {
    const text = (await hover.textContent()) ?? '';
    assert.match(text, /spoke (for|against) "/);
    assert.match(text, /rank [\d,]+; surprisal [\d.]+ bits/);
    assert.equal(await hover.locator('table tbody tr').count(), 5);
  });
  await workbench.screenshot('hover-light');
});

test('the panel adds up, and its bars light the tokens in the text', async () => {
  const { workbench } = installed;
  await workbench.run('Whytoken: Open Explanation Panel');
  const panel = workbench.webview();
  const fact = (name: RegExp) => panel.locator('dl > div').filter({ hasText: name }).locator('dd');
  await fact(/^Sum of the contributions/).waitFor();
  const [sum, difference] = [fact(/^Sum of the contributions/), fact(/^Difference that is explained/)];
  await eventually(async () => {
    const numbers = [Number(await sum.textContent()), Number(await difference.textContent())];
    assert.ok(Math.abs(numbers[0]! - numbers[1]!) <= 0.02 * Math.abs(numbers[1]!) + 0.01, numbers.join());
  });
  await workbench.outlined(0);
  await eventually(async () => {
    await panel.locator('h1').hover();
    await panel.locator('[role=tabpanel] svg .item').nth(2).hover();
    await workbench.outlined(1, 3);
  });
  await workbench.screenshot('panel-light');
});

test('colours come back with the tab, and come into a split editor', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await page.getByRole('tab', { name: 'notes.md' }).click();
  await workbench.openFile('hostile.txt');
  await page.getByRole('tab', { name: 'notes.md' }).click();
  await explained().waitFor();
  await coloured();
  await workbench.run('View: Split Editor');
  await page.locator('.editor-group-container').nth(2).waitFor();
  await coloured();
  await page.keyboard.press('Control+w');
  await page.locator('.editor-group-container').nth(2).waitFor({ state: 'detached' });
});

test('typing in front moves the colours, typing inside drops them', async () => {
  const { workbench } = installed;
  const { keyboard } = workbench.page;
  await workbench.page.locator('.editor-group-container.active .view-lines').click();
  await keyboard.press('Control+Home');
  await keyboard.type('New ');
  await eventually(async () => assert.match(await workbench.visibleText(), /^New # Cities/));
  await coloured();
  await workbench.select('France is');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowLeft');
  await keyboard.type('x');
  await explained().waitFor({ state: 'hidden' });
  await uncoloured();
  const typed = await workbench.visibleText();
  await keyboard.press('Control+z');
  await eventually(async () => assert.notEqual(await workbench.visibleText(), typed));
  await workbench.page.waitForTimeout(300);
  assert.deepEqual(await workbench.decorations(), []);
});

test('the key explains, Escape clears', async () => {
  const { workbench } = installed;
  const { keyboard } = workbench.page;
  await workbench.select('capital of France');
  await keyboard.press('Control+k');
  await keyboard.press('Control+g');
  await explained().waitFor();
  await keyboard.press('Escape');
  await explained().waitFor({ state: 'hidden' });
  await uncoloured();
});

test('the context menu has the command', async () => {
  const { workbench } = installed;
  await workbench.page.locator('.editor-group-container.active .view-line').last().click({ button: 'right' });
  await workbench.page.getByRole('menuitem', { name: 'Whytoken' }).hover();
  await workbench.page.getByRole('menuitem', { name: 'Explain Selection' }).waitFor();
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Escape');
});

test('hostile text is shown as text', async () => {
  const { workbench } = installed;
  await workbench.page.getByRole('tab', { name: 'hostile.txt' }).click();
  const line = workbench.page.locator('.view-line', { hasText: 'command' }).first();
  await line.click({ position: { x: 20, y: 8 } });
  await workbench.page.keyboard.press('Control+a');
  await workbench.run('Whytoken: Explain Selection');
  await explained().waitFor();
  // The end is in sight.
  const hover = await workbench.hover('code');
  await hover.getByText(/Probability here/).waitFor();
  const ours = [
    'whyNot',
    'continueFrom',
    'replaceFrom',
    'explainToken',
    'removeToken',
    'findEdit',
    'openPanel',
  ].map((name) => `command:whytoken.${name}`);
  await eventually(async () => {
    const links = await hover.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('data-href')));
    const commands = new Set(links.map((link) => link?.replace(/\?.*/, '')));
    assert.deepEqual([...commands].sort(), ours.sort());
  });
  const images = await hover
    .locator('img')
    .evaluateAll((all) => all.map((img) => (img as HTMLImageElement).src));
  assert.ok(images.every((src) => src.startsWith('data:image/svg+xml;base64,')));
});

/** What is written beside the text, by decorations. */
async function written(): Promise<string[]> {
  const quiet = installed.workbench.page.locator('.editor-group-container.active .view-line [class*="ced-"]');
  return quiet.evaluateAll((all) => all.map((one) => getComputedStyle(one, '::after').content));
}

test('everything is selected: the last line break is no part of it, the others that count are drawn', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await workbench.openFile('lines.txt');
  await page.keyboard.press('Control+a');
  await workbench.run('Whytoken: Explain Selection');
  await explained().waitFor();
  await eventually(async () => {
    const contents = await written();
    assert.ok(
      contents.some((content) => content.includes('↵')),
      contents.join(),
    );
    assert.ok(
      contents.some((content) => content.includes('⟶')),
      contents.join(),
    );
  });
  await workbench.statusBar('Ln 5, Col 11').waitFor();
  await workbench.screenshot('explain-line-breaks');
});

test('the pointer on the prediction has all of it, where it is cut off at the edge too', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  const index = (await written()).findIndex((content) => content.includes('⟶'));
  const prediction = page.locator('.editor-group-container.active .view-line [class*="ced-"]').nth(index);
  const { x, y, height } = (await prediction.boundingBox())!;
  await eventually(async () => {
    await page.mouse.move(x + 40, y + height / 2 - 3);
    await page.mouse.move(x + 40, y + height / 2, { steps: 3 });
    const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: /Why "/ });
    await hover.first().waitFor({ timeout: 5000 });
  }, 40);
  await workbench.screenshot('explain-prediction-hover');
});

/** A person lets the model go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, settled } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const start = 'def fibonacci(n):';
const installed = useWorkbench({
  files: { 'fibonacci.py': start },
  settings: {
    'whytoken.generation.seed': 7,
    'whytoken.generation.maxTokens': 24,
    'whytoken.generation.candidates': 3,
    // A save ends VS Code's undo step, and a slow machine may pause for longer than the web's default of a second.
    'files.autoSave': 'off',
  },
});

const done = () => installed.workbench.statusBar(/Generated with seed 7\. [23] candidates/);

/** The suggestion as it is drawn: in pieces behind the cursor, and in the lines below. */
async function ghostText(): Promise<string> {
  const { page } = installed.workbench;
  const behind = await page.locator('.ghost-text-decoration').allTextContents();
  const below = await page.locator('.suggest-preview-text .view-line').allTextContents();
  return [behind.join(''), ...below].join('\n').replaceAll('\u00a0', ' ');
}

/** Asks at the end of the text, and waits for what comes. */
async function generate(): Promise<string> {
  const { workbench } = installed;
  await done().waitFor({ state: 'hidden' });
  await workbench.page.keyboard.press('Control+End');
  await workbench.run('Whytoken: Generate');
  await done().waitFor();
  await eventually(async () => assert.notEqual((await ghostText()).trim(), ''));
  return settled(ghostText);
}

/** Presses a key and waits until the text has changed and no suggestion is drawn. */
async function change(key: string): Promise<string> {
  const { workbench } = installed;
  const before = await workbench.visibleText();
  await workbench.page.keyboard.press(key);
  await eventually(async () => {
    assert.notEqual(await workbench.visibleText(), before);
    assert.equal(await ghostText(), '');
  });
  return settled(() => workbench.visibleText());
}

test('candidates come at the cursor; Tab inserts one, and one undo takes it back; the seed brings it again', async () => {
  const { workbench } = installed;
  await workbench.openFile('fibonacci.py');
  const first = await generate();
  await workbench.screenshot('generate');
  const text = await change('Tab');
  assert.ok(text.startsWith(start) && text.length > start.length, text);
  assert.equal(await change('Control+z'), start);
  assert.equal(await generate(), first);
  assert.equal(await change('Tab'), text);
  assert.equal(await change('Control+z'), start);
});

test('keys show another candidate, insert a word of it and hide the rest', async () => {
  const { workbench } = installed;
  const { keyboard } = workbench.page;
  const first = await generate();
  await keyboard.press('Alt+]');
  await eventually(async () => assert.ok(!['', first].includes(await ghostText())));
  const second = await settled(ghostText);
  const end = second.trimEnd().slice(-10);
  await keyboard.press('Alt+[');
  await eventually(async () => assert.equal(await ghostText(), first));
  await keyboard.press('Alt+]');
  await eventually(async () => assert.equal(await ghostText(), second));
  await keyboard.press('Control+ArrowRight');
  // It stays the one that was chosen, though others begin like it.
  await eventually(async () => {
    const rest = await ghostText();
    assert.notEqual(rest, second);
    assert.ok(rest.trimEnd().endsWith(end), rest);
  });
  await keyboard.press('Escape');
  await eventually(async () => assert.equal(await ghostText(), ''));
  const text = await settled(() => workbench.visibleText());
  assert.ok(text.startsWith(start) && text.length > start.length, text);
  // Whoever goes on writing is left alone.
  await keyboard.type('x');
  await workbench.page.waitForTimeout(500);
  assert.equal(await ghostText(), '');
});

test('Escape while they come hides them and cancels; the chord asks too', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await done().waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+End');
  const before = await settled(() => workbench.visibleText());
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.notEqual(await ghostText(), ''));
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal(await ghostText(), ''));
  await page.waitForTimeout(1000);
  assert.equal(await ghostText(), '');
  assert.equal(await workbench.visibleText(), before);
  await workbench.statusBar('Generating').waitFor({ state: 'detached' });
});

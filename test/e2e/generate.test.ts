/** A person lets the model go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorkbench } from '../harness/installed.ts';

const start = 'def fibonacci(n):';
const installed = useWorkbench({
  files: { 'fibonacci.py': start },
  settings: {
    'whytoken.generation.seed': 7,
    'whytoken.generation.maxTokens': 40,
    // A save ends VS Code's undo step, and a slow machine may pause for longer than the web's default of a second.
    'files.autoSave': 'off',
  },
});

const done = () => installed.workbench.statusBar('Generated with seed 7.');

async function generate(): Promise<string> {
  const { workbench } = installed;
  await done().waitFor({ state: 'hidden' });
  await workbench.page.keyboard.press('Control+End');
  await workbench.run('Whytoken: Generate');
  await done().waitFor();
  return workbench.visibleText();
}

/** One undo, as it is drawn a moment later. */
async function undo(): Promise<string> {
  const { workbench } = installed;
  const before = await workbench.visibleText();
  await workbench.page.keyboard.press('Control+z');
  for (let i = 0; i < 100 && (await workbench.visibleText()) === before; i++) {
    await workbench.page.waitForTimeout(50);
  }
  return workbench.visibleText();
}

test('a continuation comes at the cursor; one undo takes it back; the seed brings it again', async () => {
  const { workbench } = installed;
  await workbench.openFile('fibonacci.py');
  const first = await generate();
  assert.ok(first.startsWith(start) && first.length > start.length, first);
  await workbench.screenshot('generate');
  assert.equal(await undo(), start);
  assert.equal(await generate(), first);
  assert.equal(await undo(), start);
});

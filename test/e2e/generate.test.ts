/** A person lets the model go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorkbench } from '../harness/installed.ts';

const start = 'def fibonacci(n):';
const installed = useWorkbench({
  files: { 'fibonacci.py': start },
  settings: { 'whytoken.generation.seed': 7, 'whytoken.generation.maxTokens': 40 },
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

test('a continuation comes at the cursor; one undo takes it back; the seed brings it again', async () => {
  const { workbench } = installed;
  await workbench.openFile('fibonacci.py');
  const first = await generate();
  assert.ok(first.startsWith(start) && first.length > start.length, first);
  await workbench.screenshot('generate');
  await workbench.page.keyboard.press('Control+z');
  assert.equal(await workbench.visibleText(), start);
  assert.equal(await generate(), first);
  await workbench.page.keyboard.press('Control+z');
});

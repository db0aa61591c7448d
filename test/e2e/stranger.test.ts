/**
 * What somebody does after the walkthrough (start.test.ts, walkthrough.test.ts): an export of each kind, a replacement.
 * With screenshots, stranger-….png.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is Paris.';
const installed = useWorkbench({
  files: { 'notes.md': `${sentence}\n` },
  settings: { 'workbench.colorTheme': 'Default Light Modern' },
});

test('an export of each kind, found where it was saved', async () => {
  const { workbench, folders } = installed;
  const { page } = workbench;
  await workbench.run('View: Close All Editors');
  await workbench.openFile('notes.md');
  await workbench.select('The capital of the United Kingdom is London, and the capital of France is');
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/Why " Paris"/).waitFor();
  await workbench.run('Whytoken: Open Explanation Panel');
  const panel = workbench.webview();
  await panel.locator('[role=tabpanel] svg').waitFor();
  await workbench.screenshot('stranger-panel');
  const saved = (kind: string) =>
    readdirSync(folders.workspace).filter(
      (name) => name.startsWith('whytoken-') && name.endsWith(`.${kind}`),
    );
  for (const kind of ['svg', 'png', 'html', 'csv', 'json']) {
    await panel.getByRole('button', { name: kind.toUpperCase(), exact: true }).click();
    await workbench.quickInput().waitFor();
    await eventually(async () => {
      if (saved(kind).length === 0) await page.keyboard.press('Enter');
      await eventually(() => assert.equal(saved(kind).length, 1), 3);
    });
    await workbench.notification(`.${kind} was saved.`).first().waitFor();
  }
  await workbench.screenshot('stranger-exports');
  const read = (kind: string) => readFileSync(path.join(folders.workspace, saved(kind)[0]!));
  assert.match(read('svg').toString(), /^<svg[\s\S]*Unit of contributions and sums: nats of logit/);
  assert.equal(read('png').subarray(1, 4).toString(), 'PNG');
  assert.match(read('html').toString(), /^<!DOCTYPE html>[\s\S]*<svg/);
  assert.match(read('csv').toString(), /^Token,Contribution,Share\r\n/);
  assert.ok(Array.isArray(JSON.parse(read('json').toString()).tokens));
  assert.ok(existsSync(path.join(folders.workspace, 'notes.md')));
  await workbench.run('Notifications: Clear All Notifications');
});

test('what would replace text is seen first, and decided above the comparison', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await workbench.run('View: Close All Editors');
  await workbench.openFile('notes.md');
  await workbench.select('United Kingdom is London');
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/Why "/).waitFor();
  const hover = await workbench.hover('London');
  await hover.getByText(/Probability here/).waitFor();
  await hover.locator('a', { hasText: 'replace…' }).first().click();
  const keep = page.locator('.editor-actions .action-label[aria-label^="Keep the Text"]');
  await keep.first().waitFor();
  await page.locator('.editor-actions .action-label[aria-label^="Replace, as Shown"]').first().waitFor();
  await workbench.screenshot('stranger-replace');
  await keep.first().click();
  await keep.first().waitFor({ state: 'hidden' });
  await eventually(async () => assert.equal((await workbench.visibleText()).trim(), sentence));
});

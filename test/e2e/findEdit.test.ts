/** A person looks for the smallest edit that makes the model say something else, sees it, and applies it or not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';
import type { Workbench } from '../harness/workbench.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is';
const options = (theme: string) => ({
  files: { 'notes.md': `${sentence}\n` },
  settings: { 'workbench.colorTheme': theme },
});

async function begin(workbench: Workbench): Promise<void> {
  await workbench.openFile('notes.md');
  await workbench.select(sentence);
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/Why "/).waitFor();
}

describe('light', () => {
  const installed = useWorkbench(options('Default Light Modern'));

  test('the goal is picked, and what was found is shown with both explanations; nothing is changed unless it is wanted', async () => {
    const { workbench } = installed;
    const { page } = workbench;
    await begin(workbench);
    await workbench.choose('Whytoken: Find the Smallest Edit…');
    await page.getByPlaceholder(/Pick what is to happen/).waitFor();
    await workbench.screenshot('find-edit-goal-light');
    const rows = workbench.quickInputRows();
    await rows.filter({ hasText: 'Keep the last word' }).click();
    await rows.filter({ hasText: /Any other token than/ }).click();
    const question = workbench.notification(/Apply it\? Nothing is changed/);
    await question.waitFor();
    await page
      .locator('.monaco-diff-editor .char-insert, .monaco-diff-editor .line-insert')
      .first()
      .waitFor();
    // The edited side is explained as well.
    await eventually(async () => {
      for (const side of ['original', 'modified'])
        assert.ok((await page.locator(`.monaco-diff-editor .${side} [class*="ced-"]`).count()) > 2, side);
    });
    await workbench.screenshot('find-edit-light');
    await question.getByRole('button', { name: 'Keep the Text' }).click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await eventually(async () => assert.equal((await workbench.visibleText()).trim(), sentence));
  });

  test('the light bulb offers it; what is applied is undone at once', async () => {
    const { workbench } = installed;
    const { page } = workbench;
    await begin(workbench);
    // What is still being refined closes the menu: a person presses again.
    await eventually(async () => {
      await page.keyboard.press('Control+.');
      await page.getByText('Whytoken: Find the Smallest Edit…').first().waitFor({ timeout: 5000 });
    }, 60);
    await workbench.screenshot('find-edit-action-light');
    await page.keyboard.press('Enter');
    await workbench
      .quickInputRows()
      .filter({ hasText: /Any other token than/ })
      .click();
    const question = workbench.notification(/Apply it\? Nothing is changed/);
    await question.getByRole('button', { name: 'Apply the Edit' }).click();
    await workbench.statusBar(/Edited: /).waitFor();
    await eventually(async () => assert.notEqual((await workbench.visibleText()).trim(), sentence));
    await workbench.openFile('notes.md');
    await page.keyboard.press('Control+z');
    await eventually(async () => assert.equal((await workbench.visibleText()).trim(), sentence));
  });
});

describe('dark', () => {
  const installed = useWorkbench(options('Default Dark Modern'));

  test('a test by many edits lists how many of each kind there are, and the worst', async () => {
    const { workbench } = installed;
    const { page } = workbench;
    await begin(workbench);
    await workbench.choose('Whytoken: Test by Many Edits…');
    const rows = workbench.quickInputRows();
    await rows.filter({ hasText: 'token replaced' }).waitFor();
    await workbench.screenshot('test-edits-dark');
    await rows
      .filter({ hasText: /then "/ })
      .first()
      .click();
    await workbench.notification(/Apply it\? Nothing is changed/).waitFor();
    await page.locator('.monaco-diff-editor').waitFor();
    await workbench.screenshot('find-edit-dark');
    await workbench
      .notification(/Apply it\?/)
      .getByRole('button', { name: 'Keep the Text' })
      .click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  });
});

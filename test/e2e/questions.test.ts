/** A person asks why this and not that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is';
const installed = useWorkbench({
  files: { 'notes.md': `${sentence}\n`, 'other.txt': `${sentence} Paris.\n` },
  settings: { 'workbench.colorTheme': 'Default Light Modern', 'whytoken.hover': 'always' },
});

const title = () => installed.workbench.statusBar(/Why "/);

async function explain(): Promise<void> {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await workbench.select(sentence);
  await workbench.run('Whytoken: Explain Selection');
  await title().waitFor();
}

test('the foil is picked from the alternatives', async () => {
  const { workbench } = installed;
  await explain();
  const before = await title().textContent();
  await workbench.choose('Whytoken: Why Not …?');
  const rows = workbench.quickInputRows();
  await workbench.page.getByPlaceholder('Pick an alternative, or type any text').waitFor();
  await workbench.screenshot('why-not-light');
  const chosen = (await rows.nth(3).locator('.label-name').textContent())!;
  await rows.locator('.label-name').getByText(chosen, { exact: true }).click();
  await workbench.statusBar(`and not ${chosen}`).waitFor();
  assert.notEqual(await title().textContent(), before);
});

test('the foil can be typed, and may be several tokens long', async () => {
  const { workbench } = installed;
  await workbench.choose('Whytoken: Why Not …?');
  const input = workbench.page.getByPlaceholder('Pick an alternative, or type any text');
  await input.fill('London again');
  await workbench.quickInputRows().filter({ hasText: '" London again"' }).click();
  await workbench.statusBar('and not " London again"').waitFor();
});

test('a hover tells of any text, its links ask', async () => {
  const { workbench } = installed;
  await workbench.openFile('other.txt');
  const hover = await workbench.hover('Paris');
  await hover.getByText(/Probability here/).waitFor();
  await hover.getByText(/Read after \d+ tokens/).waitFor();
  await workbench.screenshot('hover-any-text-light');
  await hover.getByText('why not?').first().click();
  await workbench.statusBar(/Why " Paris" \(.*\) and not "/).waitFor();
  // What it told is no longer so.
  await hover.waitFor({ state: 'hidden' });
});

test('a hover’s alternative is offered as ghost text, which changes nothing; to replace shows the difference first', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  const text = await workbench.visibleText();
  const link = async (name: string) => {
    const hover = await workbench.hover('Paris');
    await hover.getByText(name).first().click();
    await hover.waitFor({ state: 'hidden' });
  };
  await link('continue with it');
  await workbench.statusBar(/Generated from ".*" with seed \d+\. .*Tab inserts/).waitFor();
  await page.locator('.ghost-text-decoration').first().waitFor();
  await workbench.screenshot('continue-from-light');
  await page.keyboard.press('Escape');
  await workbench.statusBar(/Tab inserts/).waitFor({ state: 'hidden' });
  await page.locator('.ghost-text-decoration').first().waitFor({ state: 'hidden' });
  assert.equal(await workbench.visibleText(), text);

  await link('replace…');
  const question = workbench.notification(/Replace " Paris\." by /);
  await question.waitFor();
  await page.locator('.monaco-diff-editor .char-insert, .monaco-diff-editor .line-insert').first().waitFor();
  await workbench.screenshot('replace-from-light');
  await question.getByRole('button', { name: 'Keep the Text' }).click();
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await eventually(async () => assert.equal(await workbench.visibleText(), text));
});

test('everything that is shown can be chosen from the status item', async () => {
  const { workbench } = installed;
  await title().click();
  await workbench.quickInputRows().first().waitFor();
  await workbench.screenshot('menu-light');
  await workbench.quickInputRows().filter({ hasText: 'How unexpected each token is' }).click();
  await workbench.statusBar(/Surprisal: /).waitFor();
});

import { test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is Paris.';
const installed = useWorkbench({
  files: { 'notes.md': `# Cities\n\n${sentence}\n` },
  settings: { 'workbench.colorTheme': 'Default Light Modern' },
});

/** Opens one panel beside the text, with the sentence selected. */
async function open(command: string): Promise<FrameLocator> {
  const { workbench } = installed;
  await workbench.run('View: Close All Editors');
  await workbench.openFile('notes.md');
  await workbench.select('and the capital of France is');
  await workbench.run(`Whytoken: ${command}`);
  return workbench.webview();
}

/** What is pressed while the focus moves into a webview reaches nobody: a person presses again. */
async function pointByKey(panel: FrameLocator): Promise<void> {
  const { workbench } = installed;
  await eventually(async () => {
    await panel.locator('.heatMap .map').focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.outlined(1, 3);
  });
}

/** What is pointed at while it moves is missed: a person points again. */
async function pointByPointer(panel: FrameLocator, mark: Locator): Promise<void> {
  await eventually(async () => {
    await panel.locator('h1').hover();
    await mark.hover();
    await installed.workbench.outlined(1, 3);
  });
}

test('attention: all heads, one of them opened, linked with the text', async () => {
  const { workbench } = installed;
  const panel = await open('Open Attention Panel');
  await panel.getByRole('heading', { name: 'All heads', exact: true }).waitFor();
  await panel.getByText('Row: the query').waitFor();
  await workbench.outlined(0);
  await pointByKey(panel);
  await workbench.screenshot('panel-attention-in-vscode');
});

test('probabilities: the strip, the distribution, the lens, and what is known after a hidden tab', async () => {
  const { workbench } = installed;
  const panel = await open('Open Probabilities Panel');
  await panel.getByText(/of 4,096 tokens can be drawn/).waitFor();
  await pointByPointer(panel, panel.locator('svg .item').nth(2));
  await panel.getByRole('tab', { name: 'Logit lens' }).click();
  await panel.getByText(/The output is at the top/).waitFor();
  await workbench.screenshot('panel-probabilities-in-vscode');
  // Another tab in front of it, in its own group.
  await workbench.page.getByRole('tab', { name: 'Probabilities' }).click();
  await workbench.run('File: New Untitled Text File');
  await workbench.page.locator('iframe.webview.ready').first().waitFor({ state: 'hidden' });
  await workbench.page.getByRole('tab', { name: 'Probabilities' }).click();
  await panel.getByText(/The output is at the top/).waitFor();
});

test('structure: the tree, and what was measured on the text', async () => {
  const { workbench } = installed;
  const panel = await open('Open Structure Panel');
  await panel
    .getByRole('row', { name: /embedding/ })
    .first()
    .waitFor();
  await panel.getByRole('button', { name: /^Measure on/ }).click();
  await panel.getByText(/^Why ".+" \(\d+%\)/).waitFor();
  await workbench.screenshot('panel-structure-in-vscode');
});

test('the panel and its text are found again after the window is reloaded', async () => {
  const { workbench } = installed;
  await open('Open Attention Panel');
  await workbench.webview().getByText('Row: the query').waitFor();
  await workbench.run('Developer: Reload Window');
  await workbench.page.getByRole('tab', { name: 'Attention' }).waitFor({ state: 'detached' });
  await workbench.page.getByRole('tab', { name: 'Attention' }).waitFor();
  const panel = workbench.webview();
  await panel.getByText('Row: the query').waitFor();
  await pointByKey(panel);
});

test('an explanation is asked again after a reload, and its bars light the text', async () => {
  const { workbench } = installed;
  await open('Open Explanation Panel');
  await workbench.run('Whytoken: Explain Selection');
  const bars = () => workbench.webview().locator('.bars .item, svg .item');
  await bars().first().waitFor();
  // The question is written down a moment later.
  await workbench.page.waitForTimeout(3000);
  await workbench.run('Developer: Reload Window');
  await workbench.page.getByRole('tab', { name: 'Explanation' }).waitFor({ state: 'detached' });
  await workbench.page.getByRole('tab', { name: 'Explanation' }).waitFor();
  await workbench.statusBar(/^.?\s*Why "/).waitFor();
  await workbench.outlined(0);
  await pointByPointer(workbench.webview(), bars().nth(1));
});

test('a head of the structure panel is opened in the attention panel', async () => {
  const { workbench } = installed;
  const panel = await open('Open Structure Panel');
  const head = panel.locator('.mapBar output', { hasText: /^block 1 › attention › head 1:/ });
  await eventually(async () => {
    await panel.locator('.heatMap .map').first().focus();
    for (const key of ['PageUp', 'Home', 'ArrowDown', 'ArrowRight']) await workbench.page.keyboard.press(key);
    await head.first().waitFor({ timeout: 3000 });
  });
  await workbench.page.keyboard.press('Enter');
  await workbench.page.getByRole('tab', { name: 'Attention' }).waitFor();
  await workbench.webview().getByRole('heading', { name: 'Layer 1, head 1' }).waitFor();
});

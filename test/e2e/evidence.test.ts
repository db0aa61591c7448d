/** How far an explanation can be believed comes by itself, and is said wherever the explanation is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { openInstalled, useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is';
const keys = 'The keys to the cabinet in the old house of my';
const installed = useWorkbench({
  files: { 'notes.md': `${sentence}\n` },
  settings: { 'workbench.colorTheme': 'Default Light Modern' },
});
const belief = /Borne out (on this text|only in part)|Do not believe this one/;
const doubt = 'Do not believe this one: removing tokens does not bear it out';
const inShort = /Removing tokens bears this explanation out|Do not believe this explanation/;

test('in the hover of a token and in the panel, light and dark', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await workbench.select(sentence);
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/Why "/).waitFor();
  await workbench.run('Whytoken: Open Explanation Panel');
  const panel = workbench.webview();
  await panel.getByText(belief).first().waitFor();
  await workbench.screenshot('evidence-panel-light');
  const hover = await workbench.hover('France');
  await hover.getByText(inShort).first().waitFor();
  await workbench.screenshot('evidence-hover-light');
  await workbench.run('Preferences: Toggle between Light/Dark Themes');
  await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
  // This theme has a background for the cursor's line, which is the explained one here: it must not cover the colours.
  await eventually(async () => {
    const planes = await workbench.page.evaluate(() => {
      const of = (chosen: string) => getComputedStyle(document.querySelector(`.view-overlays ${chosen}`)!);
      return {
        line: Number(of('.current-line').zIndex),
        background: of('.current-line').backgroundColor,
        colours: Number(of('[class*="TextEditorDecorationType"][style*="width"]').zIndex),
      };
    });
    assert.match(planes.background, /^rgb\(/);
    assert.ok(planes.line < planes.colours && planes.colours < 0, JSON.stringify(planes));
  });
  const dark = await workbench.hover('France');
  await dark.getByText(inShort).first().waitFor();
  await workbench.screenshot('evidence-hover-dark');
});

test('one that is not to be believed: the same question, explained by attention', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await workbench.run('Preferences: Toggle between Light/Dark Themes');
  await page.locator('.monaco-workbench.vs').waitFor();
  const panel = workbench.webview();
  await panel.getByText('Borne out on this text').first().waitFor();
  await panel.getByLabel('Method').selectOption('attention');
  await panel.getByText(doubt).first().waitFor();
  await panel.getByRole('tab', { name: 'How far to believe it' }).click();
  await panel.getByText('f while the strongest are removed').first().waitFor();
  await workbench.run('View: Toggle Primary Side Bar Visibility');
  await workbench.screenshot('evidence-doubt-light');
  await workbench.run('View: Focus First Editor Group');
  const hover = await workbench.hover('France');
  await hover.getByText('Do not believe this explanation: removing tokens does not bear it out.').waitFor();
  await workbench.screenshot('evidence-doubt-hover-light');
});

const themes = [
  { theme: 'Default Light Modern', names: ['light', 'dark'], other: 'vs-dark' },
  { theme: 'Default High Contrast', names: ['high-contrast', 'high-contrast-light'], other: 'hc-light' },
];
for (const { theme, names, other } of themes) {
  test(`what occlusion gives the opposite sign is hatched on the text: ${names.join(', ')}`, async () => {
    await using opened = await openInstalled({
      files: { 'keys.md': `${keys}\n` },
      settings: { 'workbench.colorTheme': theme },
    });
    const { workbench } = opened;
    await workbench.openFile('keys.md');
    await workbench.select(keys);
    await workbench.run('Whytoken: Explain Selection');
    await eventually(async () => assert.ok((await workbench.hatched()) >= 2), 240);
    const hover = await workbench.hover('The');
    await eventually(async () => assert.match((await hover.textContent())!, /Hatched: occlusion/));
    await workbench.screenshot(`evidence-hatched-${names[0]}`);
    await workbench.page.mouse.move(300, 600);
    await workbench.run('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator(`.monaco-workbench.${other}`).waitFor();
    await workbench.screenshot(`evidence-hatched-${names[1]}`);
  });
}

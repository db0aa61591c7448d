/** How far an explanation can be believed comes by itself, and is said wherever the explanation is. */
import { test } from 'node:test';
import { useWorkbench } from '../harness/installed.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is';
const installed = useWorkbench({
  files: { 'notes.md': `${sentence}\n` },
  settings: { 'workbench.colorTheme': 'Default Light Modern' },
});
const belief = /Borne out (on this text|only in part)|Do not believe this one/;
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
  const dark = await workbench.hover('France');
  await dark.getByText(inShort).first().waitFor();
  await workbench.screenshot('evidence-hover-dark');
});

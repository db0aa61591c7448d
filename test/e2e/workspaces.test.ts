/** Workspaces of several folders, and those that nobody has trusted yet. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually, settled } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';
import type { Workbench } from '../harness/workbench.ts';

const sentence = 'The capital of the United Kingdom is London, and the capital of France is';
const settings = { 'workbench.colorTheme': 'Default Light Modern' };

/** The end of the explanation as text, where the receipt is. */
async function explained(workbench: Workbench, file: string): Promise<string> {
  await workbench.openFile(file);
  await workbench.select(sentence);
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/^.?\s*Why "/).waitFor();
  await workbench.run('Whytoken: Show Explanation as Text');
  await workbench.page.locator('.tab.active:not(:has-text(".md"))').waitFor();
  const text = await eventually(async () => {
    await workbench.page.keyboard.press('Control+End');
    const shown = await settled(() => workbench.visibleText());
    assert.match(shown, /Method: /);
    return shown;
  });
  await workbench.run('View: Close All Editors');
  return text;
}

describe('several folders', () => {
  const installed = useWorkbench({
    files: {
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }),
      'first/.vscode/settings.json': JSON.stringify({ 'whytoken.method': 'occlusion' }),
      'first/one.md': `${sentence}\n`,
      'second/.vscode/settings.json': JSON.stringify({ 'whytoken.method': 'gradient-norm' }),
      'second/two.md': `${sentence}\n`,
    },
    settings,
    workspaceFile: 'both.code-workspace',
  });

  test('each file is explained by the settings of its own folder', async () => {
    assert.match(await explained(installed.workbench, 'one.md'), /Method: occlusion/i);
    assert.match(await explained(installed.workbench, 'two.md'), /Method: gradient norm/i);
  });
});

describe('a folder that nobody has trusted yet', () => {
  const installed = useWorkbench({
    files: {
      '.vscode/settings.json': JSON.stringify({
        'whytoken.model.path': '/nowhere',
        'whytoken.method': 'occlusion',
      }),
      'notes.md': `${sentence}\n`,
    },
    settings: {
      ...settings,
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
    },
    asksForTrust: true,
  });

  test('works, and its settings choose nothing', async () => {
    const { workbench } = installed;
    await workbench.statusBar('Restricted Mode').waitFor();
    assert.match(await explained(workbench, 'notes.md'), /Method: integrated gradients/i);
  });
});

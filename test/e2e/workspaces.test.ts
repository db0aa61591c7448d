/** Workspaces of several folders, and those that nobody has trusted yet. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
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
      'both.code-workspace': JSON.stringify({
        folders: ['first', 'second', 'third'].map((folder) => ({ path: folder })),
      }),
      'first/.vscode/settings.json': JSON.stringify({ 'whytoken.method': 'occlusion' }),
      'first/one.md': `${sentence}\n`,
      'second/.vscode/settings.json': JSON.stringify({ 'whytoken.method': 'gradient-norm' }),
      'second/two.md': `${sentence}\n`,
      'third/.vscode/settings.json': JSON.stringify({
        'whytoken.model.path': '/nowhere',
        'whytoken.live': true,
      }),
      'third/three.md': `${sentence}\n`,
    },
    settings,
    workspaceFile: 'both.code-workspace',
  });

  test('each file is explained by the settings of its own folder', async () => {
    assert.match(await explained(installed.workbench, 'one.md'), /Method: occlusion/i);
    assert.match(await explained(installed.workbench, 'two.md'), /Method: gradient norm/i);
  });

  test('a command changes what the folder of the file has of its own', async () => {
    const { workbench, folders } = installed;
    const own = () =>
      JSON.parse(readFileSync(path.join(folders.workspace, 'third/.vscode/settings.json'), 'utf8'));
    await workbench.openFile('three.md');
    await workbench.run('Whytoken: Turn Live Explanation On or Off');
    await workbench.statusBar('Live explanation is off.').waitFor();
    await eventually(() => assert.equal(own()['whytoken.live'], false));
    await workbench.select(sentence);
    await workbench.run('Whytoken: Explain Selection');
    const problem = workbench.notification('The model folder /nowhere does not exist.');
    await problem.getByRole('button', { name: 'Use the Bundled Model' }).click();
    await workbench.statusBar(/The model .+ is used from now on\./).waitFor();
    await eventually(() => assert.ok(!('whytoken.model.path' in own())));
    await workbench.run('View: Close All Editors');
    assert.match(await explained(workbench, 'three.md'), /Method: integrated gradients/i);
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

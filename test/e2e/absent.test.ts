/** The other side of every test here: without the package there is nothing to see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const installed = useWorkbench({ extension: false, files: { 'notes.md': 'The capital of France is\n' } });

test('without the package the palette has no command of ours', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await eventually(async () =>
    assert.deepEqual(await workbench.commandsFor('Whytoken: '), ['No matching commands']),
  );
});

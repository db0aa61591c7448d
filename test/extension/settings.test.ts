import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { explainSelected, openText, until, useParts } from './parts.ts';

describe('Settings that commands change', () => {
  const parts = useParts();
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const { getConfiguration } = vscode.workspace;
  const { showErrorMessage } = vscode.window;
  const names = ['live', 'granularity', 'method', 'model.path'];
  const inspected = (name: string) => vscode.workspace.getConfiguration('whytoken').inspect(name)!;
  const set = (name: string, value: unknown, target: vscode.ConfigurationTarget) =>
    vscode.workspace.getConfiguration('whytoken').update(name, value, target);
  afterEach(async () => {
    Object.assign(vscode.workspace, { getConfiguration });
    Object.assign(vscode.window, { showErrorMessage });
    for (const name of names) for (const target of [Workspace, Global]) await set(name, undefined, target);
  });

  test('live explanation is switched where the workspace has a value of its own', async () => {
    const { document } = await openText('a text');
    await set('live', true, Workspace);
    await parts.overlayCommands.toggleLive();
    assert.deepEqual(parts.notes, ['Live explanation is off.']);
    assert.equal(parts.settings.get('live', document), false);
    assert.deepEqual([inspected('live').workspaceValue, inspected('live').globalValue], [false, undefined]);
    await parts.overlayCommands.toggleLive();
    assert.equal(parts.settings.get('live', document), true);
    assert.match(parts.notes[1]!, /is on/);
  });

  test('and for the person where nobody has', async () => {
    const { document } = await openText('a text');
    await parts.overlayCommands.toggleLive();
    assert.equal(parts.settings.get('live', document), true);
    assert.deepEqual([inspected('live').workspaceValue, inspected('live').globalValue], [undefined, true]);
  });

  test('what overrules a command is said, and not that it was done', async () => {
    const said = told();
    await openText('a text');
    // As a policy does: what is written is not what is in force.
    replaceConfiguration((configuration) => ({
      ...configuration,
      get: (name: string) => (name === 'live' ? false : configuration.get(name)),
    }));
    await parts.overlayCommands.toggleLive();
    assert.match(said.join(), /The setting whytoken\.live was written, but something else overrules it/);
    assert.deepEqual(parts.notes, []);
  });

  test('settings that cannot be written are said, with why, and what is shown stays', async () => {
    const said = told();
    const editor = await openText('The capital of France is');
    await explainSelected(parts, editor, 'France is');
    const before = parts.texts.of(editor.document);
    replaceConfiguration((configuration) => ({
      ...configuration,
      update: () => Promise.reject(new Error('the disk is full')),
    }));
    await parts.overlayCommands.toggleLive();
    parts.engine.load = async () => ({ name: 'mine' }) as never;
    await parts.modelFolder.use(vscode.Uri.file('/models/mine'));
    await set('model.path', '/models/mine', Global).then(undefined, () => {});
    await until(() => said.length >= 2);
    assert.match(said[0]!, /whytoken\.live could not be written: the disk is full/);
    assert.match(said[1]!, /whytoken\.model\.path could not be written: the disk is full/);
    assert.deepEqual(parts.notes, []);
    assert.equal(parts.texts.of(editor.document), before);
  });

  function told(): string[] {
    const said: string[] = [];
    Object.assign(vscode.window, { showErrorMessage: async (sentence: string) => void said.push(sentence) });
    return said;
  }

  function replaceConfiguration(
    change: (configuration: vscode.WorkspaceConfiguration) => Partial<vscode.WorkspaceConfiguration>,
  ): void {
    const changed = (...asked: Parameters<typeof getConfiguration>) => {
      const own = getConfiguration(...asked);
      const methods = { get: own.get, inspect: own.inspect, update: own.update, has: own.has };
      return change(methods as never);
    };
    Object.assign(vscode.workspace, { getConfiguration: changed });
  }
});

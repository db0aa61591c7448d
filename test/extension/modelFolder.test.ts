import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelInfo } from '../../src/protocol/engine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { until, useParts } from './parts.ts';

const info: ModelInfo = {
  name: 'mine\u202e',
  ...{ layers: 1, heads: 1, width: 4, contextLength: 8, vocabularySize: 9, parameters: 10, dtype: 'F32' },
};

describe('Choose Model Folder', () => {
  const parts = useParts();
  const path = () => vscode.workspace.getConfiguration('whytoken').inspect<string>('model.path')!;
  const set = (value: string | undefined, target: vscode.ConfigurationTarget) =>
    vscode.workspace.getConfiguration('whytoken').update('model.path', value, target);
  afterEach(async () => {
    await set(undefined, vscode.ConfigurationTarget.Global);
    await set(undefined, vscode.ConfigurationTarget.Workspace);
  });

  test('sets the folder once it was read, and says what it is', async () => {
    const asked: string[] = [];
    parts.engine.load = async ({ modelDir }) => {
      assert.equal(path().globalValue, undefined);
      asked.push(modelDir);
      return info;
    };
    await parts.modelFolder.use(vscode.Uri.file('/models/mine'));
    assert.deepEqual(asked, ['/models/mine']);
    assert.deepEqual([path().globalValue, path().workspaceValue], ['/models/mine', undefined]);
    assert.equal(parts.settings.modelDir(undefined), '/models/mine');
    assert.deepEqual(parts.notes, ['The model mine‹U+202E› is used from now on.']);
  });

  test('sets it in the workspace where that has a model of its own', async () => {
    parts.engine.load = async () => info;
    await set('/models/theirs', vscode.ConfigurationTarget.Workspace);
    await parts.modelFolder.use(vscode.Uri.file('/models/mine'));
    assert.deepEqual([path().globalValue, path().workspaceValue], [undefined, '/models/mine']);
    assert.equal(parts.settings.modelDir(undefined), '/models/mine');
  });

  test('leaves the setting as it is when the folder cannot be read, or reading it is cancelled', async () => {
    for (const code of ['process-exited', 'cancelled'] as const) {
      parts.engine.load = () => Promise.reject(new EngineError(code, { reason: 'SIGKILL' }));
      await parts.modelFolder.use(vscode.Uri.file('/models/broken'));
      assert.equal(path().globalValue, undefined);
    }
    assert.equal(parts.notes.length, 1);
    assert.match(parts.notes[0]!, /inference process ended \(SIGKILL\)/);
  });

  describe('An error about the model', () => {
    const { showErrorMessage } = vscode.window;
    let offered: string[][];
    let chosen: string | undefined;
    beforeEach(() => {
      offered = [];
      chosen = undefined;
      const ask = async (_: string, ...actions: string[]) => {
        offered.push(actions);
        return chosen;
      };
      Object.assign(vscode.window, { showErrorMessage: ask });
    });
    afterEach(() => Object.assign(vscode.window, { showErrorMessage }));

    const missing = () => new EngineError('model-folder-missing', { path: '/models/mine' });

    test('offers another folder and the bundled model, and no setting that the page may not have', async () => {
      await set('/models/mine', vscode.ConfigurationTarget.Global);
      parts.problems.report(missing());
      parts.problems.report(new EngineError('tokenizer-invalid', { file: 'vocab.json', reason: 'empty' }));
      const actions = ['Choose Folder…', 'Use the Bundled Model', 'Show Log'];
      assert.deepEqual(offered, [actions, actions]);
    });

    test('does not offer the bundled model if that is the broken one', () => {
      parts.problems.report(missing());
      assert.deepEqual(offered, [['Choose Folder…', 'Show Log']]);
    });

    test('leads back to the bundled model, wherever another one is set', async () => {
      await set('/models/mine', vscode.ConfigurationTarget.Global);
      await set('/models/theirs', vscode.ConfigurationTarget.Workspace);
      chosen = 'Use the Bundled Model';
      parts.problems.report(missing());
      await until(() => path().globalValue === undefined && path().workspaceValue === undefined);
      assert.equal(parts.settings.modelDir(undefined), '/bundled');
    });

    test('another error offers the settings only if one of them is wrong', () => {
      parts.problems.report(new EngineError('option-invalid', { option: 'steps', value: 0, expected: '1' }));
      parts.problems.report(new EngineError('export-failed', { reason: 'full' }));
      assert.deepEqual(offered, [['Open Settings', 'Show Log'], ['Show Log']]);
    });
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { restartEngine } from '../../src/host/restartEngine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { openText, until, useParts } from './parts.ts';

describe('Restart the Engine', () => {
  const parts = useParts();
  const { showErrorMessage } = vscode.window;
  const { executeCommand } = vscode.commands;
  afterEach(() => {
    Object.assign(vscode.window, { showErrorMessage });
    Object.assign(vscode.commands, { executeCommand });
  });

  test('is offered where the engine was given up, and runs the command', async () => {
    const offered: unknown[][] = [];
    const run: string[] = [];
    Object.assign(vscode.window, {
      showErrorMessage: async (...message: unknown[]) => {
        offered.push(message);
        return 'Restart the Engine';
      },
    });
    Object.assign(vscode.commands, { executeCommand: async (command: string) => void run.push(command) });
    parts.problems.report(new EngineError('process-gave-up', { count: 5, minutes: 3 }));
    await until(() => run.length > 0);
    const [[sentence, ...buttons]] = offered as [unknown[]];
    assert.match(String(sentence), /crashed 5 times within 3 minutes.*restart the engine to try again/);
    assert.deepEqual(buttons, ['Restart the Engine', 'Show Log']);
    assert.deepEqual(run, ['whytoken.restartEngine']);
  });

  test('starts another engine, which overlays then ask', async () => {
    Object.assign(vscode.window, { showErrorMessage: async () => undefined });
    const editors = [await openText('one two three'), await openText('four five six')] as const;
    await vscode.window.showTextDocument(editors[0].document, vscode.ViewColumn.Beside);
    const [score, attend] = [parts.engine.score, parts.engine.attend];
    const gaveUp = () => Promise.reject(new EngineError('process-gave-up', { count: 5, minutes: 3 }));
    const failed = new Set<string>();
    const fail = (verb: string) => () => {
      failed.add(verb);
      return gaveUp();
    };
    Object.assign(parts.engine, { score: fail('score'), attend: fail('attend') });
    parts.overlays.show(editors[0].document, 'surprisal');
    parts.overlays.show(editors[1].document, 'attention');
    await until(() => failed.size === 2);
    Object.assign(parts.engine, { score, attend });
    await restartEngine(parts);
    assert.equal(parts.engine.restarts, 1);
    assert.deepEqual(parts.notes, ['The engine was restarted.']);
    await until(() => parts.overlays.headline(editors[0].document).startsWith('Surprisal: 2.0 bits'));
    await until(() => parts.overlays.headline(editors[1].document).startsWith('Mean attention'));
  });

  test('says why when there is no other engine', async () => {
    const said: string[] = [];
    Object.assign(vscode.window, { showErrorMessage: async (sentence: string) => void said.push(sentence) });
    parts.engine.restart = () => Promise.reject(new EngineError('process-gave-up', { count: 5, minutes: 3 }));
    await restartEngine(parts);
    assert.match(said.join(), /crashed 5 times/);
    assert.deepEqual(parts.notes, []);
  });
});

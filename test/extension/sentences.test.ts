import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { remarksOn } from '../../src/host/explain/told.ts';
import { explanationOf } from './fakeEngine.ts';
import { openText, select, settle, useParts, withSettings } from './parts.ts';

describe('What is said of an explanation', () => {
  const parts = useParts();

  async function explained(editor: vscode.TextEditor, run: Promise<unknown>) {
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    return parts.texts.of(editor.document)!;
  }

  const endsInSpace = (said: string[]) => said.some((remark) => /ends in a space/.test(remark));

  test('a space at the end is remarked where the prediction comes after it', async () => {
    const editor = await openText('The capital of \tFrance is');
    const selected = async (text: string) => {
      select(editor, text);
      return remarksOn(await explained(editor, parts.explainer.explainSelection()));
    };
    await withSettings({ trimSelection: false }, async () => {
      assert.ok(endsInSpace(await selected('capital of ')));
      assert.ok(!endsInSpace(await selected('capital of')));
      assert.ok(!endsInSpace(await selected('capital of \t')), 'a tab is a token of its own');
    });
    assert.ok(!endsInSpace(await selected('capital of ')), 'left out, which has a remark of its own');
    editor.selection = new vscode.Selection(0, 12, 0, 12);
    assert.ok(!endsInSpace(remarksOn(await explained(editor, parts.explainer.explainToken()))));
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { comparison, remarks } from '../../src/host/explain/sentences.ts';
import { explanationOf } from './fakeEngine.ts';
import { openText, select, settle, useParts } from './parts.ts';

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

  test('how many times as probable, up to a million', async () => {
    const editor = await openText('The capital of France is');
    select(editor, 'France is');
    const { explanation } = await explained(editor, parts.explainer.explainSelection());
    const { target, foil } = explanation!;
    const compared = (one: number, other: number) =>
      comparison({
        ...explanation!,
        target: { ...target, probability: one },
        foil: { ...foil!, probability: other },
      });
    assert.equal(compared(0.5, 0.25), '" Paris" is 2 times as probable as " the".');
    assert.equal(compared(0.25, 0.5), '" the" is 2 times as probable as " Paris".');
    for (const next of [1e-30, 0]) {
      assert.equal(compared(0.5, next), '" Paris" is more than a million times as probable as " the".');
      assert.equal(compared(next, 0.5), '" the" is more than a million times as probable as " Paris".');
    }
    assert.equal(compared(0, 0), '" Paris" has a probability of 0%.');
  });

  test('a space at the end is remarked where the prediction comes after it', async () => {
    const editor = await openText('The capital of \tFrance is');
    const selected = async (text: string) => {
      select(editor, text);
      return remarks(await explained(editor, parts.explainer.explainSelection()));
    };
    assert.ok(endsInSpace(await selected('capital of ')));
    assert.ok(!endsInSpace(await selected('capital of')));
    assert.ok(!endsInSpace(await selected('capital of \t')), 'a tab is a token of its own');
    editor.selection = new vscode.Selection(0, 12, 0, 12);
    assert.ok(!endsInSpace(remarks(await explained(editor, parts.explainer.explainToken()))));
  });
});

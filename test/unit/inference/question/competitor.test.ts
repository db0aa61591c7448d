import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Distribution } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { competitorOf, isPieceOfWord } from '../../../../src/inference/question/competitor.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { importance } from '../../../../src/inference/verbs/importance.ts';
import { explainRequest } from '../../../fixtures/requests.ts';

/** Of tokens with these texts and probabilities, whose ids are their places. */
function distributionOf(...tokens: [text: string, probability: number][]): Distribution {
  const top = tokens.map(([text, probability], id) => ({
    id,
    text,
    probability,
    logit: Math.log(probability),
  }));
  return { top, probability: (id) => top[id]!.probability } as Partial<Distribution> as Distribution;
}

describe('a competitor', () => {
  test('is the most probable other token, also where the target is less probable', () => {
    const distribution = distributionOf([' Paris', 0.5], [' London', 0.3], [' Rome', 0.01]);
    assert.equal(competitorOf(0, false, distribution), 1);
    assert.equal(competitorOf(2, false, distribution), 0);
  });

  test('is no single letter and no part of a character', () => {
    const pieces = [' B', 'ra'.slice(0, 1), 'É', '\ufffd', ' \ufffd'];
    for (const piece of pieces) {
      const distribution = distributionOf([' Paris', 0.5], [piece, 0.3], [' London', 0.1]);
      assert.equal(competitorOf(0, false, distribution), 2, piece);
    }
    for (const word of [' a', ' A', ' I', '.', ',', '\n', ' 7', '国', ' "']) {
      const distribution = distributionOf([' Paris', 0.5], [word, 0.3], [' London', 0.1]);
      assert.equal(competitorOf(0, false, distribution), 1, word);
    }
  });

  test('may be a letter where the target is one', () => {
    const distribution = distributionOf([' n', 0.5], [' x', 0.3], [' range', 0.1]);
    assert.equal(isPieceOfWord({ text: ' n' }), true);
    assert.equal(competitorOf(0, true, distribution), 1);
  });

  test('has at least a hundredth of the target’s probability', () => {
    const at = (probability: number) =>
      competitorOf(0, false, distributionOf([' Rome', 0.9], [' Italy', probability]));
    assert.equal(at(0.0091), 1);
    assert.equal(at(0.0089), null);
    assert.equal(competitorOf(0, false, distributionOf([' Rome', 0.9])), null);
  });
});

describe('where no token competes', () => {
  const modelDir = path.join(import.meta.dirname, '../../../../models/tiny-gpt2');
  const text = 'The capital of the United Kingdom is London, and the capital of France is Paris';
  let model: Gpt2;
  before(async () => {
    model = await openModel(modelDir, 'interactive');
  });
  after(() => model.dispose());
  /** Then " Rome" is as good as certain, and the next is " Italy". */
  const asked = { modelDir, text: 'The capital of Italy is' };
  const certain = (change: object) =>
    explain(model, explainRequest({ ...asked, foil: { kind: 'competitor' }, ...change }), Run.detached());

  test('the log-probability is explained, or the logit by a method that needs it', async () => {
    const first = await certain({});
    assert.deepEqual([first.target.text, first.uncontested, first.foil], [' Rome', true, null]);
    assert.deepEqual([first.receipt.objective, first.receipt.foil], ['log-prob', []]);
    const direct = await certain({ method: 'direct-logit' });
    assert.deepEqual([direct.uncontested, direct.receipt.objective], [true, 'logit']);
  });

  test('a contest stays a contrast', async () => {
    const request = explainRequest({ modelDir, text: text.slice(0, -6), foil: { kind: 'competitor' } });
    const explained = await explain(model, request, Run.detached());
    assert.equal(explained.uncontested, undefined);
    assert.deepEqual([explained.receipt.objective, explained.foil?.text], ['contrast', ' London']);
  });

  test('parts are measured on the logit', async () => {
    const { bos } = explainRequest(asked);
    const params = {
      ...asked,
      bos,
      at: { kind: 'end' },
      target: { kind: 'top' },
      foil: { kind: 'competitor' },
    } as const;
    assert.equal((await importance(model, params, Run.detached())).foil, null);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseMethod } from '../../../src/protocol/methods.ts';
import { disagreements, secondOpinion } from '../../../src/text/disagreement.ts';
import { levelOf } from '../../../src/text/level.ts';
import { removalEvidence } from '../../fixtures/evidence.ts';

const scores = (...all: number[]) => all.map((score) => ({ score }));

describe('disagreements', () => {
  test('are opposite signs, and nothing else', () => {
    assert.deepEqual(disagreements(scores(1, 1, -1, -1, 0, 1), scores(2, -2, 2, -2, 2, 0)), [
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('do not hang on the methods’ scales', () => {
    assert.deepEqual(disagreements(scores(1, 0.5), scores(1e-6, -1e-6)), [false, true]);
  });

  test('are only where both are seen: a score without a colour has no sign', () => {
    for (const part of [0.01, 0.05, 0.07, 0.08, 0.2]) {
      const isSeen = levelOf(part, 1, 1) !== 0;
      assert.equal(disagreements(scores(1, part), scores(1, -1))[1], isSeen, `first ${part}`);
      assert.equal(disagreements(scores(1, -1), scores(1, part))[1], isSeen, `second ${part}`);
    }
  });

  test('are only where both are beyond their noise', () => {
    const noisy = (standardError: number) => [{ score: 1 }, { score: 0.5, standardError }];
    const other = scores(1, -1);
    assert.equal(disagreements(noisy(0.2), other)[1], true);
    assert.equal(disagreements(noisy(0.3), other)[1], false);
    assert.equal(disagreements(other, noisy(0.2))[1], true);
    assert.equal(disagreements(other, noisy(0.3))[1], false);
  });
});

describe('the second opinion', () => {
  const [baseline, mask] = [removalEvidence('baseline', null), removalEvidence('mask', null)];
  const receipt = { baseline: 'zero', objective: 'logit' } as const;
  const of = (method: Parameters<typeof chooseMethod>[0], options = {}, segments?: object[]) =>
    secondOpinion({ receipt: { ...receipt, ...chooseMethod(method, options) }, segments } as never, [
      baseline,
      mask,
    ]);

  test('is occlusion by another operator than the explanation’s own', () => {
    assert.equal(of('integrated-gradients')?.removal, 'baseline');
    assert.equal(of('shapley')?.removal, 'baseline');
    assert.equal(of('occlusion')?.removal, 'mask');
    assert.equal(of('occlusion', { removal: 'mask' })?.removal, 'baseline');
    assert.equal(of('sequential-integrated-gradients')?.removal, 'mask');
  });

  test('is none where there is no sign, or parts of the text are explained', () => {
    assert.equal(of('gradient-norm'), null);
    assert.equal(of('attention'), null);
    assert.equal(of('segments', {}, [{}]), null);
  });
});

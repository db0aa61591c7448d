/** The evidence for an explanation: of the model's f itself, in stages, and below everything else. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { evidence as evidenceWith } from '../../../../src/inference/verbs/evidence.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import type { EvidenceParams, Progress } from '../../../../src/protocol/engine.ts';
import type { AttributionMethodId, Removal } from '../../../../src/protocol/methods.ts';
import type { PartialEvidence } from '../../../../src/protocol/results.ts';
import { verbs } from '../../../../src/protocol/verbs.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { type EvidenceChanges, evidenceRequest, explainRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 4 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const text = 'a fox in the box';
const asked = { modelDir, text };
const near = { relative: 1e-5, floor: 1e-5 };
const evidence = (
  changes: Partial<EvidenceChanges> = {},
  run: Run<Progress<PartialEvidence>> = Run.detached(),
) => evidenceWith(model, evidenceRequest({ ...asked, ...changes }) as EvidenceParams, run);

describe('evidence', () => {
  test('of scores that are given is that of scores that are computed', async () => {
    const explanation = await explain(model, explainRequest(asked), Run.detached());
    const scores = explanation.tokens.map(({ score }) => score);
    const [given, computed] = [await evidence({ scores }), await evidence()];
    assert.deepEqual(given.removals, computed.removals);
    assert.deepEqual(given.agreements, computed.agreements);
    assert.equal(given.tokens, scores.length);
    assertNear([given.value], [explanation.value], near, 'f(x)');
    assert.deepEqual(given.receipt.target, explanation.receipt.target);
    assert.deepEqual(given.receipt.foil, explanation.receipt.foil);
  });

  test('removes tokens as occlusion does, by each of the operators', async () => {
    for (const removal of ['baseline', 'mask', 'delete'] as const) {
      const { removals, value } = await evidence({ removals: [removal] });
      const [one] = removals;
      assert.equal(one!.removal, removal);
      const occluded = await explain(
        model,
        explainRequest({ ...asked, method: 'occlusion', removal }),
        Run.detached(),
      );
      assertNear([one!.nothing], [occluded.baselineValue], near, `${removal}: nothing left`);
      assertNear(
        [one!.explanation.deletion.at(-1)!],
        [occluded.baselineValue],
        near,
        `${removal}: all removed`,
      );
      assertNear([one!.explanation.insertion.at(-1)!], [value], near, `${removal}: all there`);
      assert.ok(one!.outOfDistribution && one!.outOfDistribution.inputs > 0);
      // Leave-one-out agrees with itself.
      const own = await evidence({
        removals: [removal],
        scores: occluded.tokens.map(({ score }) => score),
      });
      assert.ok(own.removals[0]!.leaveOneOut.value! > 0.999);
    }
  });

  test('compares with other methods and other baselines, but not with what cannot explain this f', async () => {
    const own = await evidence({
      others: ['gradient-norm', 'integrated-gradients', 'direct-logit'],
      otherBaselines: true,
    });
    assert.deepEqual(
      own.agreements.map(({ method, baseline }) => [method, baseline]),
      [
        ['gradient-norm', 'zero'],
        ['integrated-gradients', 'zero'],
        ['direct-logit', null],
        ['integrated-gradients', 'mean'],
        ['integrated-gradients', 'eot'],
      ],
    );
    const itself = own.agreements[1]!;
    assert.deepEqual([itself.spearman, itself.kendall], [1, 1]);
    const probability = await evidence({
      ...{ objective: 'probability', foil: { kind: 'none' }, others: ['direct-logit', 'occlusion'] },
    });
    assert.deepEqual(
      probability.agreements.map(({ method }) => method),
      ['occlusion'],
    );
  });

  test('other baselines are those that explain has', async () => {
    const own = await evidence({ otherBaselines: true });
    const [first, other] = await Promise.all(
      (['zero', 'mean'] as const).map(async (baseline) => {
        const { tokens } = await explain(model, explainRequest({ ...asked, baseline }), Run.detached());
        return tokens.map(({ score }) => score);
      }),
    );
    const again = await evidence({ scores: first!, otherBaselines: true });
    assert.deepEqual(again.agreements, own.agreements);
    const swapped = await evidence({ scores: other!, otherBaselines: true });
    assert.equal(swapped.agreements.find(({ baseline }) => baseline === 'mean')!.spearman, 1);
  });

  test('reports what is known on the way, and each stage keeps what came before', async () => {
    const partials: PartialEvidence[] = [];
    const run = new Run<Progress<PartialEvidence>>(new AbortController().signal, ({ partial }) => {
      if (partial) partials.push(structuredClone(partial));
    });
    const { receipt: _, ...result } = await evidence(
      { removals: ['baseline', 'mask'], others: ['occlusion'] },
      run,
    );
    assert.deepEqual(
      partials.map(({ removals, agreements }) => [removals.length, agreements.length]),
      [...Array(5).fill([1, 0]), ...Array(5).fill([2, 0]), [2, 1], [2, 1]],
    );
    assert.deepEqual(partials.at(-1)!.removals, result.removals);
    assert.equal(partials.at(-1)!.receipt.method, 'integrated-gradients');
    assert.ok(partials.every(({ evaluations }, at) => evaluations >= (partials[at - 1]?.evaluations ?? 1)));
  });

  test('is given up in the middle when it is cancelled', async () => {
    const controller = new AbortController();
    let reports = 0;
    const run = new Run<Progress<PartialEvidence>>(controller.signal, ({ partial }) => {
      if (partial && ++reports === 2) controller.abort();
    });
    await assert.rejects(evidence({}, run), { code: 'cancelled' });
    assert.equal(reports, 2);
  });

  test('refuses too few scores, and takes those of tokens from the predicted one on for what they are', async () => {
    const tokens = model.tokenizer.encode(text).length;
    await assert.rejects(evidence({ scores: [1] }), {
      code: 'option-invalid',
      facts: { option: 'scores', value: '1 scores', expected: `${tokens} scores` },
    });
    const at = { kind: 'token', index: tokens - 1 } as const;
    const scores = Array.from({ length: tokens }, (_, token) => token);
    const { removals, tokens: explained } = await evidence({ at, scores });
    assert.equal(explained, tokens - 1);
    assert.equal(removals[0]!.counts.at(-1), tokens - 1);
  });

  test('a foil of several tokens has no share out of distribution, and all else', async () => {
    const { removals } = await evidence({ foil: { kind: 'text', text: 'the box' } });
    assert.equal(removals[0]!.outOfDistribution, null);
    assert.ok(removals[0]!.ceiling && removals[0]!.lds);
  });

  test('comes after everything that somebody asked for', () => {
    assert.equal(verbs.evidence.rank, 'idle');
  });

  test('measures other methods by what was removed already, as if they had been asked about', async () => {
    const removals: Removal[] = ['baseline', 'mask'];
    const { agreements } = await evidence({ removals, others: ['occlusion', 'input-x-gradient'] });
    const measured = agreements.filter(({ measures }) => measures.length > 0);
    assert.deepEqual(
      measured.map(({ method }) => method),
      ['occlusion', 'input-x-gradient'],
    );
    for (const { method, measures } of measured) {
      const explanation = await explain(model, explainRequest({ ...asked, method }), Run.detached());
      const scores = explanation.tokens.map(({ score }) => score);
      const own = await evidence({ removals, scores, others: [], otherBaselines: false });
      for (const [at, { removal, lds, comprehensiveness }] of measures.entries()) {
        const expected = own.removals[at]!;
        assert.equal(removal, expected.removal);
        assertNear([lds.value!], [expected.lds!.value!], near, `${method}: LDS`);
        assert.ok(lds.interval!.low <= lds.value! && lds.value! <= lds.interval!.high);
        // Its own ceiling also knows its own order; the floor is the same.
        const { floor, value, ceiling } = expected.comprehensiveness;
        if (comprehensiveness !== null && expected.comprehensiveness.normalised !== null)
          assert.equal(comprehensiveness > 0, value - floor!.value > 0 === ceiling! > floor!.value);
      }
    }
  });

  test('a method that is ranked costs its own evaluations and a curve, and no masks again', async () => {
    const without = await evidence({ removals: ['mask'], others: [], otherBaselines: false });
    const others: AttributionMethodId[] = ['gradient-norm'];
    const compared = await evidence({ removals: ['mask'], others, otherBaselines: false });
    const more = compared.evaluations - without.evaluations;
    assert.ok(more > 0 && more <= 2 + without.removals[0]!.counts.length, `${more}`);
  });
});

/** Several methods on one example, against the verbs that know one of them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { evaluate as evaluateWith } from '../../../../src/inference/verbs/evaluate.ts';
import { evidence } from '../../../../src/inference/verbs/evidence.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import type { EvaluateParams, Progress } from '../../../../src/protocol/engine.ts';
import { chooseMethod } from '../../../../src/protocol/methods.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { evaluateRequest, explainRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const text = 'a fox in the box';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 6 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const evaluate = (changes: Partial<EvaluateParams> = {}, run: Run<Progress> = Run.detached()) =>
  evaluateWith(model, evaluateRequest({ modelDir, text, ...changes }), run);

test('each method is measured as it is alone: the same random orders, masks and best orders', async () => {
  const methods: EvaluateParams['methods'] = ['occlusion', 'input-x-gradient', 'alti-logit', 'random'];
  const { methods: answers, value } = await evaluate({ methods, removals: ['baseline', 'mask'] });
  assert.deepEqual(
    answers.map(({ method }) => method),
    methods,
  );
  for (const method of ['occlusion', 'input-x-gradient', 'alti-logit'] as const) {
    const asked = explainRequest({ modelDir, text });
    const params = { ...asked, ...chooseMethod(method) };
    const explained = await explain(model, params, Run.detached());
    assertNear([value], [explained.value], { relative: 1e-5, floor: 1e-6 }, 'f(x)');
    const alone = await evidence(
      model,
      {
        ...params,
        scores: explained.tokens.map(({ score }) => score),
        ...{ removals: ['baseline', 'mask'], others: [], otherBaselines: false, evidenceSeed: 0 },
      },
      Run.detached(),
    );
    const answer = answers.find((one) => one.method === method)!;
    for (const [
      at,
      { removal, comprehensiveness, sufficiency, lds, leaveOneOut },
    ] of alone.removals.entries()) {
      const found = answer.removals[at]!;
      assert.equal(found.removal, removal);
      const near = { relative: 1e-4, floor: 1e-5 };
      for (const [area, own] of [
        [found.comprehensiveness, comprehensiveness],
        [found.sufficiency, sufficiency],
      ] as const) {
        const expected = [own.value, own.floor!.value, own.ceiling!];
        assertNear([area.value, area.floor, area.ceiling], expected, near, `${method} ${removal}`);
      }
      // Rounding decides about near ties.
      const ranks = { relative: 0, floor: 5e-3 };
      assertNear([found.lds!, found.leaveOneOut!], [lds!.value!, leaveOneOut.value!], ranks, 'correlations');
    }
  }
});

test('a range that was named is the evidence, and no other; chance stands beside it', async () => {
  const at = text.indexOf('fox');
  const { methods, tokens, chance } = await evaluate({ evidence: [{ start: at, end: at + 3 }] });
  const { tokens: spans } = await explain(
    model,
    explainRequest({ modelDir, text, method: 'occlusion', removal: 'baseline' }),
    Run.detached(),
  );
  const inside = spans.filter(({ start, end }) => start < at + 3 && end > at);
  const best = Math.max(...inside.map(({ score }) => score));
  const rank = 1 + spans.filter(({ score }) => score > best).length;
  assert.equal(methods[0]!.plausibility!.reciprocalRank, 1 / rank);
  assert.equal(chance!.mass, inside.length / tokens);
  assert.deepEqual([(await evaluate()).methods[0]!.plausibility, (await evaluate()).chance], [null, null]);
  await assert.rejects(evaluate({ range: { start: 0, end: 5 }, evidence: [{ start: 9, end: 12 }] }), {
    code: 'option-invalid',
  });
});

test('a method that cannot explain this f is left out; the others are not', async () => {
  const { methods } = await evaluate({
    methods: ['direct-logit', 'attention', 'occlusion'],
    objective: 'log-prob',
    foil: { kind: 'none' },
  });
  assert.deepEqual(
    methods.map(({ method }) => method),
    ['attention', 'occlusion'],
  );
});

test('whether a method came to its tolerance is told; the same seed gives the same answer', async () => {
  const asked = { methods: ['integrated-gradients', 'random'] as EvaluateParams['methods'] };
  const [first, second] = [await evaluate(asked), await evaluate(asked)];
  assert.deepEqual(
    first.methods.map(({ converged }) => converged),
    [true, null],
  );
  assert.deepEqual(second.methods[1]!.removals, first.methods[1]!.removals);
  const other = await evaluate({ ...asked, evaluationSeed: 9 });
  assert.notDeepEqual(other.methods[1]!.removals, first.methods[1]!.removals);
});

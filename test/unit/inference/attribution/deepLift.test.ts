/** DeepLIFT's multipliers on small random models: what holds for any f, and where numbers are delicate. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import type { Evaluation, Multipliers } from '../../../../src/inference/attribution/method.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { Evaluator } from '../../../../src/inference/question/evaluator.ts';
import { Gpt2Function } from '../../../../src/inference/question/explainedFunction.ts';
import { openFunction } from '../../../../src/inference/question/openFunction.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { Objective } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const folder = temporaryFolder({ after });
const size = { layers: 3, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 5 };
const opening = openModel(writeCheckpoint(path.join(folder, 'model'), size), 'interactive');
after(async () => (await opening).dispose());

const ids = [40, 7, 113, 9, 255, 61];
const objectives: readonly Objective[] = ['contrast', 'logit', 'log-prob', 'probability'];

const asked = (objective: Objective, foil: readonly number[] = [20]) => ({
  ...{ ids, first: 0, count: ids.length, target: 10, objective, baseline: 'zero' as const },
  foil: objective === 'contrast' ? foil : [],
});

async function multipliersOf(f: { multipliers?: () => Promise<Multipliers> }): Promise<Multipliers> {
  assert.ok(f.multipliers);
  return f.multipliers();
}

function sumOf(
  { x, baseline }: { x: Float32Array; baseline: Float32Array },
  { multipliers }: Multipliers,
): number {
  return multipliers.reduce((sum, m, at) => sum + m * (x[at]! - baseline[at]!), 0);
}

/** f whose reference is this row, for the last token alone. */
function withReference(model: Gpt2, sequence: Sequence, objective: Objective, row: Float32Array) {
  const scalar = { target: 10, foil: 20, objective };
  const evaluator = new Evaluator(model, sequence, scalar, Run.detached(), () => {});
  return new Gpt2Function(evaluator, { ids }, { first: ids.length - 1, count: 1 }, row);
}

for (const objective of objectives) {
  describe(objective, () => {
    test('the multipliers carry the whole difference', async () => {
      const model = await opening;
      const f = await openFunction(model, new Sequence(model), asked(objective), Run.detached());
      const found = await multipliersOf(f);
      const difference = found.value - found.baselineValue;
      assertNear([sumOf(f, found)], [difference], { relative: 2e-5, floor: 2e-6 }, 'Σ m Δ');
      const [value] = await f.values([{ from: 0, rows: f.x }]);
      assertNear([found.value], [value!], { relative: 1e-5 }, 'f(x)');
      assert.equal(f.evaluations, 3);
    });

    test('between ends that are near, they are the gradient half way', async () => {
      const model = await opening;
      const sequence = new Sequence(model);
      await sequence.read(ids, Run.detached());
      for (const distance of [0, 1e-4, 1e-3]) {
        const probe = withReference(model, sequence, objective, new Float32Array(16));
        const row = probe.x.map((value, at) => value + distance * (at % 3 === 0 ? -1 : 1));
        const f = withReference(model, sequence, objective, row);
        const halfWay = f.x.map((value, at) => (value + f.baseline[at]!) / 2);
        const { gradient } = (await f.gradients([{ from: 0, rows: halfWay }]))[0] as Evaluation;
        const { multipliers } = await multipliersOf(f);
        assertNear(multipliers, gradient, { relative: 2e-4 }, `${distance}`);
      }
    });
  });
}

test('a foil of several tokens: the sum of its terms', async () => {
  const model = await opening;
  const f = await openFunction(model, new Sequence(model), asked('contrast', [20, 31]), Run.detached());
  const found = await multipliersOf(f);
  const difference = found.value - found.baselineValue;
  assertNear([sumOf(f, found)], [difference], { relative: 5e-5, floor: 2e-6 }, 'Σ m Δ');
});

test('a text with hidden tokens has none', async () => {
  const model = await opening;
  const f = await openFunction(model, new Sequence(model), asked('contrast'), Run.detached());
  const hiding = f.about({ ids, hidden: [1] }, { first: 0, count: ids.length });
  assert.equal(hiding.multipliers, undefined);
});

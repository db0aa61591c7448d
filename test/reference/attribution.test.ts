/** Gradients and attributions against PyTorch's autograd in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sequence } from '../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../src/inference/question/openFunction.ts';
import { Run } from '../../src/inference/run.ts';
import {
  type AttributionMethodId,
  chooseMethod,
  type MethodOptionValues,
} from '../../src/protocol/methods.ts';
import { type GoldenExplanation, type GoldenPath, sequenceOf } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

const mostEvaluations = 1025;

describeGolden('attributions', (subject) => {
  const { modelDir, engine } = subject;

  const explain = (
    explanation: GoldenExplanation,
    path: GoldenPath,
    method: AttributionMethodId,
    steps: MethodOptionValues['steps'],
  ) => {
    const { golden, model } = subject;
    const { text, bos } = sequenceOf(golden, explanation);
    const tokens = model.tokenizer.encode(text);
    const [first, last] = path.range;
    return engine.explain(
      {
        modelDir,
        text,
        bos,
        range: { start: tokens[first]?.start ?? 0, end: tokens[last - 1]?.end ?? 0 },
        at: { kind: 'token', index: explanation.at },
        target: { kind: 'id', id: explanation.target },
        foil: { kind: 'id', id: explanation.foil },
        objective: explanation.objective,
        baseline: path.baseline,
        ...chooseMethod(method, { steps }),
      },
      Run.detached(),
    );
  };

  for (const stages of [1, 2, 4]) {
    test(`∂f/∂x of every objective within 1e-4 of the largest, in stages: ${stages}`, async (t) => {
      t.mock.method(subject.model.programs, 'stages', () => stages);
      await compareGradients();
    });
  }

  async function compareGradients(): Promise<void> {
    const { golden, model } = subject;
    for (const explanation of golden.explanations) {
      const { ids, bos } = sequenceOf(golden, explanation);
      const { width } = model.config;
      const predictsAt = explanation.at - 1 + (bos ? 1 : 0);
      const { target, foil, objective } = explanation;
      const asked = { ids: ids.slice(0, predictsAt + 1), first: 0, count: ids.length, target, objective };
      const f = await openFunction(
        model,
        new Sequence(model),
        { ...asked, foil: objective === 'contrast' ? [foil] : [], baseline: 'zero' },
        Run.detached(),
      );
      // The second evaluation is written where the first one had its intermediate values.
      const elsewhere = [{ from: 0, rows: new Float32Array(f.x.length) }];
      await f.gradients(elsewhere);
      await f.values(elsewhere);
      await f.gradients(elsewhere);
      const [evaluation] = await f.gradients([{ from: 0, rows: f.x }]);
      f.release();
      const what = `${explanation.sequence} at ${explanation.at} ${explanation.objective}`;
      assertNear(
        [evaluation?.value ?? Number.NaN],
        [explanation.value],
        { relative: 1e-5, floor: 1e-5 },
        what,
      );
      const gradient = new Float32Array(ids.length * width);
      gradient.set(evaluation?.gradient ?? []);
      assertNear(gradient, explanation.gradient.data, { relative: 1e-4 }, what);
    }
  }

  test('scores of every method on every range and baseline', async () => {
    const { golden } = subject;
    for (const explanation of golden.explanations) {
      const lead = sequenceOf(golden, explanation).bos ? 1 : 0;
      for (const path of explanation.paths) {
        const rows = (values: number[]) => values.slice(path.range[0] + lead, path.range[1] + lead);
        const expected: Partial<Record<AttributionMethodId, number[]>> = {
          'gradient-norm': rows(explanation.gradientNorm),
          'input-x-gradient': rows(explanation.inputXGradient),
          // The same 50 nodes there and here, so that even jumps of ReLU's gradient are met alike.
          'integrated-gradients': path.captum.scores,
          occlusion: path.occlusion,
        };
        for (const [method, scores] of Object.entries(expected) as [AttributionMethodId, number[]][]) {
          const result = await explain(explanation, path, method, path.captum.steps);
          const what = `${explanation.sequence} at ${explanation.at} ${explanation.objective} ${path.range} ${path.baseline} ${method}`;
          // Of f itself: a difference of two values cannot be nearer than their own rounding.
          const floor = 4e-6 * Math.max(Math.abs(explanation.value), Math.abs(path.baselineValue));
          assertNear(
            result.tokens.map(({ score }) => score),
            scores,
            { relative: 1e-4, floor },
            what,
          );
          assertNear([result.value], [explanation.value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
          assertNear(
            [result.baselineValue],
            [path.baselineValue],
            { relative: 1e-5, floor: 1e-5 },
            `${what} f(x′)`,
          );
        }
      }
    }
  });

  test('direct logit attribution: every row by every token, and the rest', async () => {
    const { golden, model } = subject;
    let compared = 0;
    for (const explanation of golden.explanations) {
      const { directLogit } = explanation;
      const { bos, ids } = sequenceOf(golden, explanation);
      const lead = bos ? 1 : 0;
      // One without a baseline stands for all.
      const paths = new Map(explanation.paths.map((path) => [`${path.range}`, path]));
      for (const path of directLogit ? paths.values() : []) {
        const what = `${explanation.sequence} at ${explanation.at} ${explanation.objective} ${path.range}`;
        const { rows, rest } = directLogit as NonNullable<typeof directLogit>;
        const [first, end] = path.range.map((token) => token + lead) as [number, number];
        const result = await explain(explanation, path, 'direct-logit', 'auto');
        assert.deepEqual(rows.shape, [1 + 2 * model.config.layers, ids.length]);
        const isExplained = (_: number, at: number) => at % ids.length >= first && at % ids.length < end;
        const inside = rows.data.filter(isExplained);
        const outside = rows.data.filter((_, at) => !isExplained(_, at));
        const expectedRest = outside.reduce((sum, one) => sum + one, rest);
        const largest = rows.data.reduce((most, one) => Math.max(most, Math.abs(one)), Math.abs(rest));
        const rounding = 1e-5 * largest;
        assert.equal(result.layers?.rows, rows.shape[0], what);
        assertNear(
          result.layers?.contributions ?? [],
          inside,
          { relative: 1e-5, floor: 2e-6 * largest },
          what,
        );
        const scores = Array.from({ length: end - first }, (_, token) =>
          inside.reduce((sum, one, at) => sum + (at % (end - first) === token ? one : 0), 0),
        );
        assertNear(
          result.tokens.map(({ score }) => score),
          scores,
          { relative: 1e-5, floor: rounding },
          `${what} scores`,
        );
        assertNear([result.value], [explanation.value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
        assertNear(
          [result.baselineValue],
          [expectedRest],
          { relative: 1e-5, floor: rounding },
          `${what} rest`,
        );
        assertNear([result.delta ?? Number.NaN], [0], { relative: 0, floor: rounding }, `${what} δ`);
        compared++;
      }
    }
    assert.ok(compared > 0);
  });

  test('adaptive integrated gradients: δ within 1 % and the scores within 5 % of the integral', async () => {
    const { golden } = subject;
    for (const explanation of golden.explanations) {
      for (const path of explanation.paths) {
        const result = await explain(explanation, path, 'integrated-gradients', 'auto');
        const what = `${explanation.sequence} at ${explanation.at} ${explanation.objective} ${path.range} ${path.baseline}`;
        const change = Math.abs(result.value - result.baselineValue);
        const floor = 2e-6 * Math.max(Math.abs(result.value), Math.abs(result.baselineValue));
        // Where ReLU's gradient jumps, a rule gains a digit per ten times the nodes: two paths end at the most
        // evaluations with δ above 1 %, and the result says so.
        const tolerated = result.evaluations >= mostEvaluations ? 0.02 : 0.01;
        assert.ok(
          result.delta !== null && Math.abs(result.delta) <= tolerated * change + floor,
          `${what}: δ ${result.delta}`,
        );
        const sum = result.tokens.reduce((total, { score }) => total + score, 0);
        assertNear(
          [sum - result.delta],
          [result.value - result.baselineValue],
          { relative: 1e-9, floor: 1e-9 },
          what,
        );
        assertNear(
          result.tokens.map(({ score }) => score),
          path.integratedGradients,
          { relative: 0.05, floor },
          what,
        );
      }
    }
  });
});

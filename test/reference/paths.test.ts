/** Expected and sequential integrated gradients against PyTorch in float64, which Captum confirms. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Attribution, ExplainedFunction } from '../../src/inference/attribution/method.ts';
import { attribute } from '../../src/inference/attribution/methods.ts';
import { Sequence } from '../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../src/inference/question/openFunction.ts';
import { Run } from '../../src/inference/run.ts';
import { chooseMethod, type MethodChoice } from '../../src/protocol/methods.ts';
import type { Baseline, Objective } from '../../src/protocol/results.ts';
import { goldenFolder } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden, type Subject } from './subject.ts';

/** Written by paths.py; positions count the text's tokens only, and the prediction is what comes after the text. */
interface GoldenPaths {
  modelSha256: string;
  cases: {
    text: string;
    bos: boolean;
    range: [number, number];
    target: number;
    foil: number;
    objective: Objective;
    baseline: Baseline;
    /** Gauss–Legendre nodes. */
    steps: number;
    value: number;
    expected: {
      /** Ids, `[baseline][token]`. */
      drawn: number[][];
      scores: number[];
      standardErrors: number[];
      baselineValue: number;
    };
    /** `differences`: f(x) less f with that token's embedding replaced. */
    sequential: { scores: number[]; baselineValue: number; differences: number[] };
  }[];
}

describeGolden('paths', (subject) => {
  const near = { relative: 1e-5, floor: 1e-5 };

  async function eachCase(
    work: (
      one: GoldenPaths['cases'][number],
      answer: (choice: MethodChoice) => Promise<Attribution>,
      what: string,
    ) => Promise<void>,
  ): Promise<void> {
    const { model } = subject;
    for (const one of goldenOf(subject).cases) {
      const { text, bos, range, target, objective, baseline } = one;
      const read = model.tokenizer.encode(text).map(({ id }) => id);
      const ids = bos ? [model.tokenizer.endOfText, ...read] : read;
      const [first, last] = range;
      const asked = {
        ...{ ids, first: first + Number(bos), count: last - first, target, objective, baseline },
        foil: objective === 'contrast' ? [one.foil] : [],
      };
      const f = await openFunction(model, new Sequence(model), asked, Run.detached());
      const given: ExplainedFunction = {
        ...{ count: f.count, width: f.width, x: f.x, baseline: f.baseline },
        values: (points) => f.values(points),
        gradients: (points) => f.gradients(points),
        without: (sets, options) => f.without(sets, options),
        refill: async (sample) =>
          model.checkpoint.weights.rows('wte.weight', one.expected.drawn[sample] as number[]),
      };
      try {
        await work(one, (choice) => attribute(choice, given, () => {}), `${text} ${range} ${objective}`);
      } finally {
        f.release();
      }
    }
  }

  /** Of f itself: a difference of two values cannot be nearer than their own rounding. */
  const floorOf = (value: number, other: number) => 4e-6 * Math.max(Math.abs(value), Math.abs(other));

  test('expected gradients over the same baselines', () =>
    eachCase(async ({ value, steps, expected }, answer, what) => {
      const choice = chooseMethod('expected-gradients', { steps, baselines: expected.drawn.length });
      const { scores, standardErrors, ...ends } = await answer(choice);
      const floor = Math.max(
        floorOf(value, expected.baselineValue),
        1e-5 * Math.max(...expected.scores.map(Math.abs)),
      );
      assertNear(scores, expected.scores, { relative: 1e-4, floor }, what);
      assertNear(standardErrors ?? [], expected.standardErrors, { relative: 1e-4, floor }, `${what}: errors`);
      assertNear([ends.value], [value], near, `${what} f(x)`);
      assertNear([ends.baselineValue], [expected.baselineValue], near, `${what} mean f(x′)`);
    }));

  test('sequential integrated gradients', () =>
    eachCase(async ({ value, steps, sequential }, answer, what) => {
      const { scores, ...ends } = await answer(chooseMethod('sequential-integrated-gradients', { steps }));
      const floor = floorOf(value, sequential.baselineValue);
      assertNear(scores, sequential.scores, { relative: 1e-4, floor }, what);
      assertNear([ends.value], [value], near, `${what} f(x)`);
      assertNear([ends.baselineValue], [sequential.baselineValue], near, `${what} f(x′)`);
    }));

  test('sequential integrated gradients are complete for each token, within the tolerance', () =>
    eachCase(async ({ sequential }, answer, what) => {
      const { scores } = await answer(chooseMethod('sequential-integrated-gradients', { tolerance: 0.01 }));
      assertNear(scores, sequential.differences, { relative: 0.011, floor: 1e-5 }, what);
    }));
});

function goldenOf({ modelDir }: Subject): GoldenPaths {
  const name = modelDir.includes('tiny-gpt2') ? 'bundled' : (modelDir.split('/').at(-1) as 'tied-f32');
  const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'paths.json'), 'utf8')) as GoldenPaths;
  const weights = readFileSync(join(modelDir, 'model.safetensors'));
  const sha256 = createHash('sha256').update(weights).digest('hex');
  assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
  return golden;
}

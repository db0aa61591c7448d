/** Shapley and Owen values against their enumeration in float64, which SHAP confirms; LIME against the lime package, segments against scikit-learn. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import {
  chooseMethod,
  type Estimator,
  type MethodOptionValues,
  type Removal,
} from '../../src/protocol/methods.ts';
import type { Baseline, Explanation, Objective } from '../../src/protocol/results.ts';
import { partsOf } from '../../src/text/parts.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by masks.py; positions count the text's tokens only, and the prediction is what comes after the text. */
interface GoldenMasks {
  modelSha256: string;
  cases: GoldenCase[];
  segments: {
    text: string;
    target: number;
    foil: number;
    /** Of each token its line: the segments. */
    lines: number[];
    removals: Record<
      'baseline' | 'delete',
      { masks: number; seed: number; scores: number[]; standardErrors: number[]; lds: number }
    >;
  };
}

interface GoldenCase {
  text: string;
  bos: boolean;
  range: [number, number];
  parts: Record<'words' | 'lines', number[]>;
  target: number;
  foil: number;
  objective: Objective;
  baseline: Baseline;
  removals: Record<
    Exclude<Removal, 'refill'>,
    { value: number; baselineValue: number; shapley: number[]; owen: number[]; lime: GoldenLime }
  >;
}

interface GoldenLime {
  masks: number;
  seed: number;
  scores: number[];
  standardErrors: number[];
  r2: number;
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`methods of masks on ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'masks.json'), 'utf8')) as GoldenMasks;

    async function explain(
      { text, bos, range: [first, last], target, foil, objective, baseline }: GoldenCase,
      options: Partial<MethodOptionValues>,
      method: 'shapley' | 'lime' = 'shapley',
    ): Promise<Explanation> {
      const asked = {
        ...{ modelDir, text, bos, at: { kind: 'end' } as const, objective, baseline },
        target: { kind: 'id', id: target } as const,
        foil: objective === 'contrast' ? ({ kind: 'id', id: foil } as const) : ({ kind: 'none' } as const),
      };
      const whole = await engine.explain(
        { ...asked, range: { start: 0, end: text.length }, ...chooseMethod('gradient-norm') },
        Run.detached(),
      );
      const range = { start: whole.tokens[first]!.start, end: whole.tokens[last - 1]!.end };
      return engine.explain({ ...asked, range, ...chooseMethod(method, options) }, Run.detached());
    }

    const eachRemoval = async (
      work: (one: GoldenCase, removal: Exclude<Removal, 'refill'>, what: string) => Promise<void>,
    ) => {
      for (const one of golden.cases) {
        for (const removal of Object.keys(one.removals) as Exclude<Removal, 'refill'>[]) {
          await work(one, removal, `${JSON.stringify(one.text)} ${one.range} ${one.objective} ${removal}`);
        }
      }
    };

    const scoresOf = ({ tokens }: Explanation) => tokens.map(({ score }) => score);
    const errorsOf = ({ tokens }: Explanation) =>
      tokens.map(({ standardError = Number.NaN }) => standardError);

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('all coalitions: every score, f(x) and f(x′)', async () => {
      await eachRemoval(async (one, removal, what) => {
        const { value, baselineValue, shapley } = one.removals[removal];
        const result = await explain(one, { estimator: 'exact', removal });
        // A value may be a difference of logits that are larger by far.
        const floor = 1e-5 * Math.max(1, Math.abs(value), Math.abs(baselineValue));
        assertNear(scoresOf(result), shapley, { relative: 1e-5, floor }, what);
        assertNear([result.value], [value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
        assertNear([result.baselineValue], [baselineValue], { relative: 1e-5, floor: 1e-5 }, `${what} f(x′)`);
        assert.ok(Math.abs(result.delta ?? Number.NaN) < 1e-6, `${what}: δ ${result.delta}`);
      });
    });

    test('the estimators agree with the enumeration within their standard errors', async () => {
      const estimators = { permutation: 'shapley', kernel: 'shapley', owen: 'owen' } as const;
      await eachRemoval(async (one, removal, what) => {
        for (const [estimator, which] of Object.entries(estimators) as [Estimator, 'shapley' | 'owen'][]) {
          const expected = one.removals[removal][which];
          const result = await explain(one, { estimator, removal, masks: 20_000, tolerance: 0.001 });
          const errors = errorsOf(result);
          const largest = Math.max(...expected.map(Math.abs));
          for (const [token, score] of scoresOf(result).entries()) {
            const apart = Math.abs(score - expected[token]!);
            const allowed = 5 * errors[token]! + 1e-5 * Math.max(1, largest);
            assert.ok(apart <= allowed, `${what} ${estimator}, token ${token}: ${apart} apart`);
            assert.ok(
              errors[token]! <= 0.1 * largest,
              `${what} ${estimator}, token ${token}: ${errors[token]}`,
            );
          }
          assert.ok(Math.abs(result.delta ?? Number.NaN) < 1e-6, `${what} ${estimator}: δ ${result.delta}`);
        }
      });
    });

    test('LIME: every weight, its standard error and R², over the same masks as the lime package', async () => {
      await eachRemoval(async (one, removal, what) => {
        const { value, baselineValue, lime } = one.removals[removal];
        const { masks, seed, scores, standardErrors, r2 } = lime;
        const result = await explain(one, { removal, masks, seed }, 'lime');
        const floor = 1e-5 * Math.max(1, Math.abs(value), Math.abs(baselineValue));
        assertNear(scoresOf(result), scores, { relative: 1e-5, floor }, what);
        assertNear(errorsOf(result), standardErrors, { relative: 1e-4, floor }, `${what}: errors`);
        assertNear([result.value], [value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
        assertNear([result.baselineValue], [baselineValue], { relative: 1e-5, floor: 1e-5 }, `${what} f(x′)`);
        const { fit } = result;
        assert.deepEqual([fit?.measure, fit?.masks, result.delta], ['r2', masks, null], what);
        assertNear([fit?.value ?? Number.NaN], [r2], { relative: 1e-4, floor: 1e-5 }, `${what} R²`);
      });
    });

    test('segments: the LASSO, its bootstrap and its LDS over the same masks as scikit-learn', async () => {
      const { text, target, foil, lines, removals } = golden.segments;
      for (const [removal, { masks, seed, ...expected }] of Object.entries(removals)) {
        const options = { segments: 'lines', removal: removal as Removal, masks, seed } as const;
        const result = await engine.explain(
          {
            ...{ modelDir, text, bos: false, range: { start: 0, end: text.length } },
            ...({ at: { kind: 'end' }, objective: 'contrast', baseline: 'mean' } as const),
            ...({ target: { kind: 'id', id: target }, foil: { kind: 'id', id: foil } } as const),
            ...chooseMethod('segments', options),
          },
          Run.detached(),
        );
        const floor = 2e-5 * Math.max(1, Math.abs(result.value), Math.abs(result.baselineValue));
        const found = result.segments ?? [];
        assert.deepEqual(
          found.flatMap(({ count }, line) => new Array<number>(count).fill(line)),
          lines,
        );
        assertNear(
          found.map(({ score }) => score),
          expected.scores,
          { relative: 1e-4, floor },
          removal,
        );
        assertNear(
          found.map(({ standardError = Number.NaN }) => standardError),
          expected.standardErrors,
          { relative: 1e-3, floor },
          `${removal}: errors`,
        );
        assert.deepEqual([result.fit?.measure, result.fit?.masks], ['lds', Math.ceil(masks / 2)]);
        assert.equal(result.delta, null);
        // Two values may be so near that their order is a matter of rounding.
        assertNear([result.fit?.value ?? Number.NaN], [expected.lds], { relative: 0, floor: 2e-3 }, 'LDS');
        // The tokens of a segment share its score.
        for (const [token, { score, standardError = Number.NaN }] of result.tokens.entries()) {
          const segment = found[lines[token]!]!;
          assertNear([score * segment.count], [segment.score], { relative: 1e-9, floor: 1e-9 }, 'score');
          const share = standardError * segment.count;
          assertNear([share], [segment.standardError!], { relative: 1e-9, floor: 1e-9 }, 'error');
        }
      }
    });

    test('words and lines are those of the reference', async () => {
      for (const one of golden.cases) {
        const { tokens } = await explain(one, { estimator: 'permutation', masks: 1 });
        for (const partition of Object.keys(one.parts) as ('words' | 'lines')[]) {
          assert.deepEqual(partsOf(one.text, tokens, partition), one.parts[partition], partition);
        }
      }
    });
  });
}

/** SmoothGrad against PyTorch's autograd in float64 with the same noise, which Captum's NoiseTunnel confirms. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { type AttributionMethodId, chooseMethod } from '../../src/protocol/methods.ts';
import type { Baseline, Objective } from '../../src/protocol/results.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by smoothgrad.py; positions count the text's tokens only, and the prediction is what comes after the text. */
interface GoldenSmoothGrad {
  modelSha256: string;
  cases: {
    text: string;
    bos: boolean;
    range: [number, number];
    target: number;
    foil: number;
    objective: Objective;
    baseline: Baseline;
    value: number;
    baselineValue: number;
    samples: number;
    sigma: number;
    seed: number;
    /** Gauss–Legendre nodes of integrated gradients. */
    steps: number;
    /** By the decorated method: one number per explained token. */
    methods: Record<string, { scores: number[]; standardErrors: number[] }>;
  }[];
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`SmoothGrad of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(
      readFileSync(join(goldenFolder(name), 'smoothgrad.json'), 'utf8'),
    ) as GoldenSmoothGrad;

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('means and standard errors over the same copies', async () => {
      let compared = 0;
      for (const one of golden.cases) {
        const { text, bos, range, objective, baseline, value, baselineValue } = one;
        const asked = {
          ...{ modelDir, text, bos, at: { kind: 'end' } as const, objective, baseline },
          target: { kind: 'id', id: one.target } as const,
          foil: { kind: 'id', id: one.foil } as const,
        };
        const all = { start: 0, end: text.length };
        const whole = await engine.explain(
          { ...asked, range: all, ...chooseMethod('gradient-norm') },
          Run.detached(),
        );
        const [first, last] = range;
        const part = { start: whole.tokens[first]!.start, end: whole.tokens[last - 1]!.end };
        for (const [method, { scores, standardErrors }] of Object.entries(one.methods)) {
          const id = `smoothgrad:${method}` as AttributionMethodId;
          const { samples, sigma, seed, steps } = one;
          const choice = chooseMethod(id, { samples, sigma, seed, steps });
          const result = await engine.explain({ ...asked, range: part, ...choice }, Run.detached());
          const what = `${text} ${range} ${objective} ${id}`;
          // Of f itself: a difference of two values cannot be nearer than their own rounding.
          const floor = 4e-6 * Math.max(Math.abs(value), Math.abs(baselineValue));
          const found = result.tokens.map(({ score }) => score);
          assertNear(found, scores, { relative: 1e-4, floor }, what);
          const errors = result.tokens.map(({ standardError = Number.NaN }) => standardError);
          const largest = Math.max(...scores.map(Math.abs));
          assertNear(
            errors,
            standardErrors,
            { relative: 1e-4, floor: Math.max(floor, 1e-5 * largest) },
            `${what}: errors`,
          );
          assertNear([result.value], [value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
          assertNear(
            [result.baselineValue],
            [baselineValue],
            { relative: 1e-5, floor: 1e-5 },
            `${what} f(x′)`,
          );
          assert.equal(result.delta, null);
          compared++;
        }
      }
      assert.equal(compared, 3 * golden.cases.length);
    });
  });
}

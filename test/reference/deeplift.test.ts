/** DeepLIFT against the same rules in elementary operations, in float64; and how far Captum's rules miss f(x) − f(x′). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import type { Baseline, Explanation, Objective } from '../../src/protocol/results.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by deeplift.py; `range` counts the text's tokens only. */
interface GoldenCase {
  text: string;
  bos: boolean;
  range: [number, number];
  target: number;
  foil: number;
  objective: Objective;
  baseline: Baseline;
  /** f(x) and f(x′). */
  value: number;
  baselineValue: number;
  scores: number[];
  captum: { scores: number[]; delta: number };
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`DeepLIFT of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'deeplift.json'), 'utf8')) as {
      modelSha256: string;
      cases: GoldenCase[];
    };

    const explain = async (one: GoldenCase): Promise<Explanation> => {
      const asked = {
        ...{ modelDir, text: one.text, bos: one.bos, at: { kind: 'end' } as const },
        ...{ objective: one.objective, baseline: one.baseline, ...chooseMethod('deeplift') },
        target: { kind: 'id', id: one.target } as const,
        foil: { kind: 'id', id: one.foil } as const,
      };
      const whole = { start: 0, end: one.text.length };
      const { tokens } = await engine.explain({ ...asked, range: whole }, Run.detached());
      const [first, last] = one.range;
      const range = { start: tokens[first]!.start, end: tokens[last - 1]!.end };
      return engine.explain({ ...asked, range }, Run.detached());
    };

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('every score, f(x) and f(x′), and δ is rounding', async () => {
      for (const one of golden.cases) {
        const { tokens, value, baselineValue, delta } = await explain(one);
        const what = `${one.text} ${one.range} ${one.objective} ${one.baseline}`;
        const floor = 4e-6 * Math.max(Math.abs(one.value), Math.abs(one.baselineValue));
        const found = tokens.map(({ score }) => score);
        assertNear(found, one.scores, { relative: 2e-4, floor }, what);
        assertNear([value], [one.value], { relative: 1e-5, floor: 1e-5 }, `${what} f(x)`);
        assertNear([baselineValue], [one.baselineValue], { relative: 1e-5, floor: 1e-5 }, `${what} f(x′)`);
        const size = one.scores.reduce((sum, score) => sum + Math.abs(score), 0);
        assertNear([delta ?? Number.NaN], [0], { relative: 0, floor: 2e-5 * size + floor }, `${what} δ`);
      }
    });

    test('Captum’s rules do not sum up here', () => {
      for (const { captum, value, baselineValue } of golden.cases) {
        const missed = Math.abs(captum.delta / (value - baselineValue));
        assert.ok(missed > 0.1, `${missed}`);
      }
    });
  });
}

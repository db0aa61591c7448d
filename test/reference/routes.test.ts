/** Methods that follow what was read through the layers, against whole matrices in float64 and blocks that are run again. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { type AttributionMethodId, chooseMethod } from '../../src/protocol/methods.ts';
import type { Explanation, Objective } from '../../src/protocol/results.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by routes.py; `range` counts the text's tokens only, and all numbers are of inputs, BOS included. */
interface GoldenCase {
  text: string;
  bos: boolean;
  range: [number, number];
  target: number;
  foil: number;
  objective: Objective;
  /** Inputs. */
  tokens: number;
  /** `[1 + 2L, tokens]`. */
  altiLogit: { rows: number[]; rest: number };
  attention: number[];
  rollout: number[];
  attentionXGradient: number[];
  valueZeroing: number[];
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`routes of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'routes.json'), 'utf8')) as {
      modelSha256: string;
      cases: GoldenCase[];
    };

    const explain = async (one: GoldenCase, method: AttributionMethodId): Promise<Explanation> => {
      const asked = {
        ...{ modelDir, text: one.text, bos: one.bos, at: { kind: 'end' } as const },
        ...{ objective: one.objective, baseline: 'zero' as const, ...chooseMethod(method) },
        target: { kind: 'id', id: one.target } as const,
        foil: { kind: 'id', id: one.foil } as const,
      };
      const whole = { start: 0, end: one.text.length };
      const { tokens } = await engine.explain({ ...asked, range: whole }, Run.detached());
      const [first, last] = one.range;
      const range = { start: tokens[first]!.start, end: tokens[last - 1]!.end };
      return engine.explain({ ...asked, range }, Run.detached());
    };
    const part = ({ bos, range: [first, last] }: GoldenCase, all: number[]) =>
      all.slice(first + Number(bos), last + Number(bos));

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('ALTI-Logit: every row by every token, and the rest', async () => {
      for (const one of golden.cases) {
        const { rows, rest } = one.altiLogit;
        const result = await explain(one, 'alti-logit');
        const largest = Math.max(Math.abs(rest), ...rows.map(Math.abs));
        const near = { relative: 1e-4, floor: 1e-5 * largest };
        const inside: number[] = [];
        for (let at = 0; at < rows.length; at += one.tokens)
          inside.push(...part(one, rows.slice(at, at + one.tokens)));
        const what = `${one.text} ${one.range} ${one.objective}`;
        assertNear(result.layers?.contributions ?? [], inside, near, what);
        const outside = sum(rows) - sum(inside);
        assertNear([result.baselineValue], [rest + outside], near, `${what}: rest`);
        assertNear([sum(result.tokens.map(({ score }) => score))], [sum(inside)], near, `${what}: Σ`);
        assert.ok(result.delta !== null && Math.abs(result.delta) < 2e-5 * largest, `δ = ${result.delta}`);
      }
    });

    const weighed = {
      attention: 'attention',
      rollout: 'rollout',
      'attention-x-gradient': 'attentionXGradient',
      'value-zeroing': 'valueZeroing',
    } as const;
    for (const [method, key] of Object.entries(weighed) as [keyof typeof weighed, 'attention'][]) {
      test(`${method}: the weight of every token`, async () => {
        for (const one of golden.cases) {
          const { tokens, delta } = await explain(one, method);
          const expected = one[key];
          const largest = Math.max(...expected.map(Math.abs));
          const near = { relative: 1e-4, floor: 1e-5 * largest };
          const found = tokens.map(({ score }) => score);
          assertNear(found, part(one, expected), near, `${one.text} ${one.range} ${one.objective}`);
          assert.equal(delta, null);
        }
      });
    }
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

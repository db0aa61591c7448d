/** Direct logit attribution by head and MLP, against the same parts taken out of transformers by hooks, in float64. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import type { Objective } from '../../src/protocol/results.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by components.py; `range` counts the text's tokens only. */
interface GoldenCase {
  text: string;
  bos: boolean;
  range: [number, number];
  target: number;
  foil: number;
  objective: Objective;
  embedding: number;
  /** `[layer, head]`. */
  heads: number[];
  mlps: number[];
  biases: number;
  /** f(x). */
  value: number;
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`heads and MLPs of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'components.json'), 'utf8')) as {
      modelSha256: string;
      cases: GoldenCase[];
    };

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('each part, whatever range is explained, and their sum', async () => {
      for (const one of golden.cases) {
        const { text, bos, objective, embedding, heads, mlps, biases, value } = one;
        const asked = {
          ...{ modelDir, text, bos, at: { kind: 'end' } as const, objective },
          ...{ baseline: 'zero' as const, ...chooseMethod('direct-logit') },
          target: { kind: 'id', id: one.target } as const,
          foil: { kind: 'id', id: one.foil } as const,
        };
        const whole = { start: 0, end: text.length };
        const { tokens } = await engine.explain({ ...asked, range: whole }, Run.detached());
        const [first, last] = one.range;
        const range = { start: tokens[first]!.start, end: tokens[last - 1]!.end };
        const { components } = await engine.explain({ ...asked, range }, Run.detached());
        const what = `${text} ${one.range} ${objective}`;
        const largest = Math.max(...[embedding, biases, ...heads, ...mlps].map(Math.abs));
        const near = { relative: 1e-5, floor: 4e-6 * largest };
        assertNear(components?.heads ?? [], heads, near, `${what} heads`);
        assertNear(components?.mlps ?? [], mlps, near, `${what} MLPs`);
        assertNear([components!.embedding, components!.biases], [embedding, biases], near, `${what} rest`);
        const sum = [...components!.heads, ...components!.mlps].reduce((total, part) => total + part, 0);
        const total = sum + components!.embedding + components!.biases;
        assertNear([total], [value], { relative: 0, floor: 2e-5 * largest }, `${what} Σ`);
      }
    });
  });
}

/** Context length probing against transformers on every window as a text of its own, in float64. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by contextprobe.py; `range` and `at` count the text's tokens. */
interface GoldenCase {
  text: string;
  bos: boolean;
  range: [number, number];
  at: number | null;
  target: number;
  logProbs: number[];
  divergences: number[];
  steps: (number | null)[];
  importances: (number | null)[];
  gains: (number | null)[];
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`context length probing of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'contextprobe.json'), 'utf8')) as {
      modelSha256: string;
      cases: GoldenCase[];
    };

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    test('every window', async () => {
      for (const { text, bos, range: span, at, target, ...numbers } of golden.cases) {
        const asked = { modelDir, text, bos, most: 64 };
        const position = at === null ? { kind: 'end' as const } : { kind: 'token' as const, index: at };
        const score = { ...asked, range: null, top: 0, stride: null };
        const { tokens } = await engine.score(score, Run.detached());
        const [first, last] = span;
        const range = { start: tokens[first]!.start, end: tokens[last - 1]!.end };
        const found = await engine.contextProbe({ ...asked, at: position, range }, Run.detached());
        const what = `${text} ${span} ${at}`;
        assert.equal(found.target.id, target, what);
        for (const key of ['logProbs', 'divergences', 'steps', 'importances', 'gains'] as const) {
          const expected = numbers[key];
          const known = [...found[key]].map((value) => (Number.isNaN(value) ? null : value));
          assert.deepEqual(
            known.map((value) => value === null),
            expected.map((value) => value === null),
          );
          const number = (value: number | null) => value ?? 0;
          const floor = 2e-5;
          assertNear(known.map(number), expected.map(number), { relative: 1e-4, floor }, `${what} ${key}`);
        }
      }
    });
  });
}

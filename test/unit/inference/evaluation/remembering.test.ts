import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenSet } from '../../../../src/inference/attribution/method.ts';
import { remembering } from '../../../../src/inference/evaluation/remembering.ts';

test('a set is evaluated once for each operator and seed, whatever the order of its tokens', async () => {
  const asked: TokenSet[] = [];
  const f = remembering({
    ...{ count: 4, width: 1, x: new Float32Array(4), baseline: new Float32Array(4) },
    async without(sets) {
      asked.push(...sets);
      return sets.map((set) => ({
        value: set.reduce((sum, token) => sum + 10 ** token, 0),
        standardError: null,
      }));
    },
  });
  const mask = { removal: 'mask', seed: 0 } as const;
  const valuesOf = async (sets: TokenSet[], options: Parameters<typeof f.without>[1] = mask) =>
    (await f.without(sets, options)).map(({ value }) => value);
  assert.deepEqual(await valuesOf([[], [1, 3], [3, 1], [2]]), [0, 1010, 1010, 100]);
  assert.equal(asked.length, 3);
  assert.deepEqual(await valuesOf([[3, 1], [0], [2]]), [1010, 1, 100]);
  assert.equal(asked.length, 4);
  await valuesOf([[2]], { removal: 'baseline', seed: 0 });
  await valuesOf([[2]], { removal: 'mask', seed: 1 });
  assert.equal(asked.length, 6);
});

/** ALTI-Logit and the methods that follow weights through the layers, on matrices that can be multiplied by hand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { altiLogit } from '../../../../src/inference/attribution/altiLogit.ts';
import { attention } from '../../../../src/inference/attribution/attention.ts';
import { attentionXGradient } from '../../../../src/inference/attribution/attentionXGradient.ts';
import type { RouteKind, Routes, Writes } from '../../../../src/inference/attribution/method.ts';
import { rollout } from '../../../../src/inference/attribution/rollout.ts';
import { valueZeroing } from '../../../../src/inference/attribution/valueZeroing.ts';

/** Three places, of which the last two are explained; two layers. */
const places = 3;
const layers = [
  [1, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25],
  [1, 0, 0, 0.5, 0.5, 0, 0.25, 0.5, 0.25],
];
const asked: { kind: RouteKind; layer: number; firstQuery: number }[] = [];

const domain = { count: 2, width: 1, x: Float32Array.of(1, 2), baseline: Float32Array.of(0, 0) };
const f = {
  ...domain,
  values: async () => [5, 1],
  async routes(kind: RouteKind): Promise<Routes> {
    const at = async (layer: number, firstQuery: number) => {
      asked.push({ kind, layer, firstQuery });
      const matrix = Float32Array.from(layers[layer]!);
      return matrix.fill(0, 0, firstQuery * places);
    };
    return { layers: 2, places, first: 1, at };
  },
  async writes(): Promise<Writes> {
    // The embedding; attention and MLP of each layer.
    const rows = [
      [0, 0, 1],
      [2, 4, 8],
      [0, 0, 16],
      [1, 2, 4],
      [0, 0, 32],
    ];
    const contributions = Float32Array.from(rows.flat());
    return { rows: 5, places, first: 1, contributions, heads: new Float32Array(2), rest: 7, value: 77 };
  },
};
const nothing = () => {};

describe('ALTI-Logit', () => {
  test('attention is mixed by the layers below, an MLP also by its own', async () => {
    const { scores, layers: parts, value, baselineValue } = await altiLogit(f, {}, nothing);
    const first = layers[0]!;
    const below = (row: number[]) =>
      [0, 1, 2].map((to) => row.reduce((sum, one, from) => sum + one * first[from * places + to]!, 0));
    const expected = [
      [0, 0, 1],
      [2, 4, 8],
      [0, 0, 16].map((_, to) => 16 * first[6 + to]!),
      below([1, 2, 4]),
      below([8, 16, 8]),
    ];
    assert.deepEqual(
      [...parts!.contributions],
      expected.flatMap((row) => row.slice(1)),
    );
    assert.deepEqual(
      [...scores],
      [1, 2].map((place) => expected.reduce((sum, row) => sum + row[place]!, 0)),
    );
    assert.equal(value, 77);
    assert.equal(baselineValue, 7 + expected.reduce((sum, row) => sum + row[0]!, 0));
    assert.equal(scores[0]! + scores[1]! + baselineValue, 77);
  });

  test('of the last layer only the last row is asked for', async () => {
    asked.length = 0;
    await altiLogit(f, {}, nothing);
    assert.deepEqual(asked, [
      { kind: 'mixing', layer: 1, firstQuery: 2 },
      { kind: 'mixing', layer: 0, firstQuery: 0 },
    ]);
  });
});

describe('followed through the layers, without what is not explained', () => {
  const expected = {
    attention: [attention, [(0.25 + 0.5) / 2, (0.25 + 0.25) / 2]],
    // ½ (row + row · A), the last layer first: (⅛, ¼, ⅝), then half of it and half of it · A₁.
    rollout: [rollout, [(0.25 + (0.25 * 0.75 + 0.625 * 0.25)) / 2, (0.625 + 0.625 * 0.25) / 2]],
    // row + row · A: (¼, ½, 1¼), then plus it · A₁, without the token itself.
    products: [attentionXGradient, [0.5 + 0.5 * 0.75 + 1.25 * 0.25, 1.25 + 1.25 * 0.25 - 1]],
    zeroing: [valueZeroing, [0.5 * 0.75 + 0.25 * 0.25, 0.25 * 0.25]],
  } as const;
  for (const [kind, [method, scores]] of Object.entries(expected)) {
    test(kind, async () => {
      asked.length = 0;
      const result = await method(f, {}, nothing);
      assert.deepEqual([...result.scores], scores);
      assert.deepEqual([result.value, result.baselineValue], [5, 1]);
      assert.ok(asked.every((one) => one.kind === (kind === 'rollout' ? 'attention' : kind)));
      assert.deepEqual(
        asked.map(({ layer }) => layer),
        [1, 0],
      );
    });
  }
});

/** Maps of attention, what heads do, and the norms of weights against transformers and PyTorch in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run } from '../../src/inference/run.ts';
import { patternScores } from '../../src/inference/verbs/headPatterns.ts';
import type { AttentionMapParams, TokenChoice } from '../../src/protocol/engine.ts';
import type { AttentionMap } from '../../src/protocol/results.ts';
import { mapRequest } from '../fixtures/requests.ts';
import { sequenceOf } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

describeGolden('attention', (subject) => {
  const { modelDir, engine } = subject;

  async function mapOf(
    sequence: string,
    changes: Partial<Pick<AttentionMapParams, 'view' | 'gradient'>>,
  ): Promise<AttentionMap> {
    const { text, bos } = sequenceOf(subject.attention, { sequence });
    return engine.attentionMap(mapRequest({ modelDir, text, bos, ...changes }), Run.detached());
  }

  /** Up to the diagonal; nothing stands beyond. */
  function rowsOf({ weights, size }: AttentionMap): number[][] {
    return Array.from({ length: size }, (_, query) => {
      const row = [...weights.subarray(query * size, (query + 1) * size)];
      assert.deepEqual(row.slice(query + 1), Array(size - query - 1).fill(0));
      return row.slice(0, query + 1);
    });
  }

  test('attention × gradient of every head, and of the views over heads', async () => {
    for (const { sequence, target, foil, heads } of subject.attention.products) {
      const against: TokenChoice | { kind: 'none' } =
        foil === null ? { kind: 'none' } : { kind: 'id', id: foil };
      const gradient = {
        at: { kind: 'end' },
        target: { kind: 'id', id: target },
        foil: against,
      } as const;
      // Rounding is relative to the largest of the sums that the products come from.
      const floor = 1e-5 * Math.max(...heads.flat(3));
      const check = async (view: AttentionMapParams['view'], expected: number[][]) => {
        const rows = rowsOf(await mapOf(sequence, { view, gradient }));
        const what = `${sequence} #${target} ${foil} ${JSON.stringify(view)}`;
        assertNear(rows.flat(), expected.flat(), { relative: 1e-4, floor }, what);
      };
      const over = (maps: readonly number[][][], combine: (cells: number[]) => number) =>
        maps[0]!.map((row, query) => row.map((_, key) => combine(maps.map((map) => map[query]![key]!))));
      const mean = (cells: number[]) => cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
      for (const [layer, maps] of heads.entries()) {
        for (const [head, map] of maps.entries()) await check({ kind: 'head', layer, head }, map);
        await check({ kind: 'layer', layer }, over(maps, mean));
      }
      await check({ kind: 'mean' }, over(heads.flat(), mean));
      await check(
        { kind: 'max' },
        over(heads.flat(), (cells) => Math.max(...cells)),
      );
    }
  });

  test('attention × gradient is about the most probable token and its strongest competitor by default', async () => {
    for (const { sequence, target, foil } of subject.attention.products.filter(({ foil }) => foil !== null)) {
      const at = { kind: 'end' } as const;
      const byItself = { at, target: { kind: 'top' }, foil: { kind: 'top' } } as const;
      const named = {
        at,
        target: { kind: 'id', id: target },
        foil: { kind: 'id', id: foil as number },
      } as const;
      const { weights } = await mapOf(sequence, { gradient: byItself });
      assert.deepEqual(weights, (await mapOf(sequence, { gradient: named })).weights);
    }
  });

  test('every row of a rollout', async () => {
    for (const { sequence, rows } of subject.attention.rollouts) {
      const map = await mapOf(sequence, { view: { kind: 'rollout' } });
      assertNear(rowsOf(map).flat(), rows.flat(), { relative: 1e-5 }, sequence);
    }
  });

  test('what heads do on repeated random tokens', async () => {
    const { copies, ...expected } = subject.attention.patterns;
    const scores = await patternScores(subject.model, copies, Run.detached());
    for (const [name, values] of Object.entries(expected) as [keyof typeof scores, number[]][]) {
      assertNear(scores[name], values, { relative: 1e-5 }, name);
    }
  });

  test('the weights and the norms of what parts can write', async () => {
    const { structure: expected } = subject.attention;
    const { weights, ofHeads, ofMlps, config } = await engine.structure({ modelDir }, Run.detached());
    const exact = ({ name, shape, dtype, parameters, bytes, outliers }: (typeof weights)[0]) => ({
      ...{ name, shape, dtype, parameters, bytes, outliers },
    });
    assert.deepEqual(weights.map(exact), expected.weights.map(exact));
    for (const [index, { name, norm, rms, most }] of expected.weights.entries()) {
      const facts = weights[index]!;
      for (const [actual, value] of [
        [facts.norm, norm],
        [facts.rms, rms],
        [facts.most, most],
      ] as const) {
        assertNear([actual], [value], { relative: 1e-6 }, name);
      }
    }
    assertNear(ofHeads, expected.ofHeads, { relative: 1e-6 }, 'heads');
    assertNear(ofMlps, expected.ofMlps, { relative: 1e-6 }, 'MLPs');
    assert.equal(config.tied, !expected.weights.some(({ name }) => name === 'lm_head.weight'));
  });
});

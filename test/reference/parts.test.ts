/** Distributions after the cuts of sampling, the logit lens and ablations against transformers and PyTorch in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run } from '../../src/inference/run.ts';
import { sequenceOf } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

describeGolden('parts', (subject) => {
  const { modelDir, engine } = subject;

  test("the distribution for drawing, by transformers' logits processors, with and without heads", async () => {
    for (const expected of subject.verbs.distributions) {
      const { text, bos } = sequenceOf(subject.verbs, expected);
      const { at: index, temperature, topK, topP, without, candidates } = expected;
      const top = candidates.length;
      const cut = { at: { kind: 'token', index } as const, top, temperature, topK, topP, without };
      const seen = await engine.distribution({ modelDir, text, bos, ...cut }, Run.detached());
      const what = JSON.stringify({ ...cut, bos });
      assert.deepEqual([seen.kept, seen.receipt.at], [expected.kept, index], what);
      const [own, reference] = [seen.candidates, candidates];
      assert.deepEqual(
        own.map(({ id }) => id),
        reference.map(({ id }) => id),
        what,
      );
      for (const key of ['probability', 'drawn', 'logit'] as const) {
        const values = (list: typeof reference) => list.map((one) => one[key]);
        assertNear(values(own), values(reference), { relative: 2e-5 }, `${what} ${key}`);
      }
      assertNear(
        [seen.entropy, seen.drawnEntropy],
        [expected.entropy, expected.drawnEntropy],
        { relative: 1e-5, floor: 1e-5 },
        `${what} entropy`,
      );
    }
  });

  test('the logit lens', async () => {
    for (const expected of subject.verbs.lenses) {
      const { text, bos } = sequenceOf(subject.verbs, expected);
      const { id } = expected.followed;
      const request = { modelDir, text, bos, range: null, follow: { kind: 'id', id } as const };
      const { rows, ids, probabilities, followed } = await engine.lens(request, Run.detached());
      const what = `${expected.sequence} lens`;
      assert.equal(rows, expected.rows);
      assert.equal(ids.length, expected.ids.length);
      for (const [cell, best] of expected.ids.entries()) {
        if (best !== null) assert.equal(ids[cell], best, `${what} of cell ${cell}`);
        const [least, most] = expected.followed.ranks[cell] as [number, number];
        const rank = followed?.ranks[cell] as number;
        assert.ok(least <= rank && rank <= most, `${what}: rank ${rank} of cell ${cell}, ${least} … ${most}`);
      }
      assertNear(probabilities, expected.probabilities, { relative: 3e-5 }, what);
      const { probabilities: chances } = expected.followed;
      assertNear(followed?.probabilities ?? [], chances, { relative: 3e-5 }, `${what}, followed`);
    }
  });

  test('zero ablation of every head and every MLP', async () => {
    for (const expected of subject.verbs.ablations) {
      const { text, bos } = sequenceOf(subject.verbs, expected);
      const foil = expected.foil === null ? ({ kind: 'none' } as const) : ({ kind: 'top' } as const);
      const request = { modelDir, text, bos, at: { kind: 'end' }, target: { kind: 'top' }, foil } as const;
      const seen = await engine.importance(request, Run.detached());
      const what = `${expected.sequence} without`;
      assert.deepEqual([seen.receipt.target, seen.receipt.foil], [expected.target, expected.foil], what);
      assertNear([seen.value], [expected.value], { relative: 1e-5, floor: 1e-5 }, what);
      assertNear(seen.ofHeads, expected.ofHeads, { relative: 1e-4, floor: 1e-5 }, `${what} heads`);
      assertNear(seen.ofMlps, expected.ofMlps, { relative: 1e-4, floor: 1e-5 }, `${what} MLPs`);
    }
  });
});

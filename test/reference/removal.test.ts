/** f without some of its tokens and f of edited texts, against PyTorch in float64 and, where tokens are drawn, all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Remainder } from '../../src/inference/attribution/method.ts';
import { Sequence } from '../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../src/inference/question/openFunction.ts';
import type { QuestionFunction } from '../../src/inference/question/questionFunction.ts';
import { Run } from '../../src/inference/run.ts';
import { refillSamples } from '../../src/protocol/methods.ts';
import { baselines } from '../../src/protocol/objectives.ts';
import type { Baseline } from '../../src/protocol/results.ts';
import { type GoldenRemoval, sequenceOf } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

describeGolden('removal', (subject) => {
  const near = { relative: 1e-5, floor: 1e-5 };
  const nothing = { seed: 0 } as const;

  const values = (remainders: readonly Remainder[]) => remainders.map(({ value }) => value);

  async function eachCase(
    work: (f: QuestionFunction, golden: GoldenRemoval, what: string) => Promise<void>,
    baseline: Baseline = 'zero',
  ): Promise<void> {
    const { model, removal } = subject;
    for (const golden of removal.removals) {
      const { text, bos } = sequenceOf(removal, golden);
      const read = model.tokenizer.encode(text).map(({ id }) => id);
      const ids = bos ? [model.tokenizer.endOfText, ...read] : read;
      const { target, objective } = golden;
      const foil = objective === 'contrast' ? [golden.foil] : [];
      const asked = { ids, first: bos ? 1 : 0, count: read.length, target, foil, objective, baseline };
      const f = await openFunction(model, new Sequence(model), asked, Run.detached());
      try {
        await work(f, golden, `${golden.sequence} ${objective}`);
      } finally {
        f.release();
      }
    }
  }

  test('baseline: the embeddings of every set replaced', async () => {
    for (const baseline of baselines) {
      await eachCase(async (f, golden, what) => {
        const seen = await f.without(golden.sets, { removal: 'baseline', ...nothing });
        assertNear(values(seen), golden.baseline[baseline], near, `${what} ${baseline}`);
      }, baseline);
    }
  });

  test('mask: every set hidden by an explicit attention mask, positions kept', () =>
    eachCase(async (f, golden, what) => {
      const seen = await f.without(golden.sets, { removal: 'mask', ...nothing });
      assertNear(values(seen), golden.mask, near, what);
    }));

  test('delete: the text without every set, tokenised by Hugging Face', () =>
    eachCase(async (f, golden, what) => {
      const seen = await f.without(golden.sets, { removal: 'delete', ...nothing });
      assertNear(values(seen), golden.delete, near, what);
    }));

  test('refill: the mean over many seeds is the expectation over the vocabulary, their spread its variance', () =>
    eachCase(async (f, golden, what) => {
      const seeds = 80;
      for (const { set, mean, variance } of golden.refill) {
        const drawn: Remainder[] = [];
        for (let seed = 0; seed < seeds; seed++) {
          drawn.push(...(await f.without([set], { removal: 'refill', seed })));
        }
        const seen = values(drawn).reduce((sum, value) => sum + value, 0) / seeds;
        const error = Math.sqrt(variance / (seeds * refillSamples));
        assert.ok(
          Math.abs(seen - mean) < 5 * error + 1e-5,
          `${what} [${set}]: ${seen}, expected ${mean} ± ${error}`,
        );
        const ofMeans = drawn.reduce((sum, one) => sum + (one.standardError as number) ** 2, 0) / seeds;
        const ratio = (refillSamples * ofMeans) / variance;
        assert.ok(ratio > 0.5 && ratio < 2, `${what} [${set}]: ${ratio} of the variance`);
      }
    }));

  test('edited texts: values, and the gradient of f about them', () =>
    eachCase(async (f, golden, what) => {
      const seen = await f.valuesOf(golden.edits.map(({ ids }) => ({ ids })));
      assertNear(
        seen,
        golden.edits.map(({ value }) => value),
        near,
        what,
      );
      for (const { name, ids, gradientNorm } of golden.edits) {
        const about = f.about({ ids }, { first: 0, count: ids.length });
        const [evaluation] = await about.gradients([{ from: 0, rows: about.x }]);
        const { width } = about;
        const norms = ids.map((_, token) =>
          Math.hypot(...(evaluation?.gradient.subarray(token * width, (token + 1) * width) ?? [])),
        );
        assertNear(norms, gradientNorm, { relative: 1e-4 }, `${what} ${name}`);
      }
    }));
});

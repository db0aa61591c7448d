import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformNumbers } from '../../../../src/inference/attribution/noise.ts';
import { softMeasures, withMean } from '../../../../src/inference/evaluation/soft.ts';
import { AnalyticFunction, linear } from '../../../fixtures/analyticFunction.ts';

test('powers keep the order and have the mean that is asked for', () => {
  for (const values of [
    [0, 0.1, 0.5, 1],
    [0.9, 0.91, 1, 0.2],
    [0.5, 0.5, 0.5],
  ]) {
    for (const share of [0.2, 0.5, 0.8]) {
      const found = withMean(values, share);
      // Ones stay ones and zeros zeros, whatever the power.
      const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
      const least = values.filter((one) => one === 1).length / values.length;
      const most = 1 - values.filter((one) => one === 0).length / values.length;
      assert.ok(
        Math.abs(mean - Math.min(most, Math.max(least, share))) < 1e-3,
        `${values} ${share}: ${mean}`,
      );
      // Beyond what powers can reach they end at 0 and 1.
      if (share <= least || share >= most) continue;
      for (let at = 1; at < values.length; at++)
        assert.equal(Math.sign(found[at]! - found[at - 1]!), Math.sign(values[at]! - values[at - 1]!));
    }
  }
});

test('scores that are right lose more where they speak for it, and less where they do not, than chance does', async () => {
  const width = 8;
  const weights = Float32Array.from(
    { length: 4 * width },
    (_, at) => [4, 1, 0.2, 0][Math.floor(at / width)]!,
  );
  const x = new Float32Array(4 * width).fill(1);
  const f = new AnalyticFunction(linear(weights), x, new Float32Array(4 * width), width);
  const value = linear(weights).value(x);
  const of = (scores: number[]) => softMeasures(f, scores, value, () => uniformNumbers(3));
  const right = await of([4, 1, 0.2, 0]);
  assert.ok(right.comprehensiveness > right.floor + 1);
  assert.ok(right.sufficiency < right.floor - 1);
  const wrong = await of([-4, -1, -0.2, 0]);
  assert.ok(wrong.comprehensiveness < right.floor - 1);
  assert.ok(wrong.sufficiency > right.floor + 1);
  // A constant knows nothing, and a larger mean of the scores changes nothing.
  const constant = await of([7, 7, 7, 7]);
  assert.deepEqual(constant.comprehensiveness, constant.floor);
  assert.deepEqual(await of([5, 2, 1.2, 1]), right);
  // The mean of f over masks of a linear function is known: half of it, on average over the shares.
  assert.ok(Math.abs(right.floor - value / 2) < 0.05 * value, `${right.floor}`);
});

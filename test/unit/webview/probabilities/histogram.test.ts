/** Which bin a value is counted in, and columns that stay in the picture. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { entropyBins } from '../../../../webview/probabilities/entropyBins.ts';

const bits = (...values: number[]) => values.map((value) => value * Math.LN2);

test('a bin holds its lower end; what is unknown is not counted', () => {
  assert.deepEqual(entropyBins(bits(0, 0.99, 1, 3.5)), [2, 1, 0, 1]);
  assert.deepEqual(entropyBins([null, ...bits(1.5), null]), [0, 1]);
  assert.deepEqual(entropyBins([null]), []);
  assert.deepEqual(entropyBins(bits(-1e-9)), [1], 'less than nothing by rounding');
});

test('every known entropy is counted once', () => {
  const known = fc.float({ min: 0, max: 11, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.option(known)), (entropies) => {
      const sum = entropyBins(entropies).reduce((total, count) => total + count, 0);
      assert.equal(sum, entropies.filter((entropy) => entropy !== null).length);
    }),
  );
});

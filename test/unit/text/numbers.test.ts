import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Numbers } from '../../../src/text/numbers.ts';

describe('Numbers', () => {
  const numbers = new Numbers('en');

  test('gives bytes in decimal units, and short numbers for narrow places', () => {
    const bytes = [384, 1000, 13_824_000, 497_759_232, 6_430_000_000].map((count) => numbers.bytes(count));
    assert.deepEqual(bytes, ['0.384 kB', '1 kB', '13.8 MB', '498 MB', '6.43 GB']);
    assert.deepEqual(
      [4409, 69.59, 0.0123, 0].map((value) => numbers.short(value)),
      ['4.41K', '69.6', '0.01', '0'],
    );
    assert.deepEqual(
      [1.25, -0.326, 0].map((value) => numbers.short(value, true)),
      ['+1.25', '-0.33', '0'],
    );
  });

  test('writes probabilities as percentages that are never 0 unless they are', () => {
    assert.deepEqual(
      [0.4123, 0.0123, 0.00001, 0].map((p) => numbers.percent(p)),
      ['41%', '1.2%', '<0.1%', '0%'],
    );
  });
  test('writes 100% only for what is certain', () => {
    assert.deepEqual(
      [0.984, 0.9964, 0.99996, 1].map((p) => numbers.percent(p)),
      ['98%', '99.6%', '>99.9%', '100%'],
    );
  });
  test('writes measured numbers with three digits, and ratios with two', () => {
    assert.deepEqual(
      [2.7274, 2, -0.04567, 0.000012].map((x) => numbers.amount(x)),
      ['2.73', '2.00', '-0.0457', '1.20E-5'],
    );
    assert.deepEqual(
      [0.95, 1234.5, 40].map((x) => numbers.value(x)),
      ['0.95', '1,230', '40'],
    );
    assert.equal(numbers.rough(28_790), '29,000');
  });
  test('turns nats into bits', () => {
    assert.equal(numbers.bits(Math.log(8)), '3.0');
  });
  test('keeps the sign', () => {
    assert.deepEqual(
      [0.8321, -0.00012345, 0.0000025, 0].map((x) => numbers.signed(x)),
      ['+0.832', '-0.000123', '+2.50E-6', '0.00'],
    );
  });
});

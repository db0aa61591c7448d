import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fejer, gaussLegendre, type Rule } from '../../../../src/inference/attribution/quadrature.ts';

const integrate = ({ nodes, weights }: Rule, g: (alpha: number) => number) =>
  nodes.reduce((sum, alpha, k) => sum + (weights[k] as number) * g(alpha), 0);

test('Gauss–Legendre with n nodes is exact for polynomials of degree 2n − 1, and not beyond', () => {
  for (const n of [1, 2, 3, 5, 8]) {
    for (let degree = 0; degree < 2 * n; degree++) {
      const error = integrate(gaussLegendre(n), (alpha) => alpha ** degree) - 1 / (degree + 1);
      assert.ok(Math.abs(error) < 1e-14, `n ${n}, degree ${degree}: ${error}`);
    }
    const beyond = integrate(gaussLegendre(n), (alpha) => alpha ** (2 * n)) - 1 / (2 * n + 1);
    assert.ok(Math.abs(beyond) > 1e-11, `n ${n} cannot be exact for degree ${2 * n}`);
  }
});

test('Fejér’s rule with n − 1 nodes is exact for polynomials of degree n − 1', () => {
  for (const n of [2, 4, 8, 16]) {
    for (let degree = 0; degree < n; degree++) {
      const error = integrate(fejer(n), (alpha) => alpha ** degree) - 1 / (degree + 1);
      assert.ok(Math.abs(error) < 1e-14, `n ${n}, degree ${degree}: ${error}`);
    }
  }
});

test('Fejér’s rule is nested to the last bit, without the ends', () => {
  for (let n = 2; n <= 512; n *= 2) {
    const fine = new Set(fejer(2 * n).nodes);
    assert.equal(fine.size, 2 * n - 1);
    for (const node of fejer(n).nodes) assert.ok(fine.has(node), `${node} of ${n}`);
    assert.ok(!fine.has(0) && !fine.has(1));
  }
});

test('weights are positive and sum to 1 in both rules, up to their largest sizes', () => {
  for (const rule of [gaussLegendre(50), gaussLegendre(1000), fejer(1024)]) {
    assert.ok(rule.weights.every((weight) => weight > 0));
    assert.ok(Math.abs(rule.weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-12);
  }
});

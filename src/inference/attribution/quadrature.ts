/** Rules for ∫₀¹ g(α) dα ≈ Σ w_k g(α_k). */

export interface Rule {
  nodes: Float64Array;
  weights: Float64Array;
}

/**
 * Clenshaw–Curtis with n + 1 nodes α_j = ½ (1 − cos(jπ/n)), n even or 1 (Trefethen 2008, "Is Gauss quadrature better
 * than Clenshaw–Curtis?"). Every second node of the rule for 2n is a node of the rule for n, and both ends are nodes.
 */
export function clenshawCurtis(n: number): Rule {
  const nodes = Float64Array.from({ length: n + 1 }, (_, j) => (1 - Math.cos((j * Math.PI) / n)) / 2);
  const weights = Float64Array.from({ length: n + 1 }, (_, j) => {
    let sum = 1;
    for (let k = 1; k <= n / 2; k++) {
      const share = 2 * k === n ? 1 : 2;
      sum -= (share / (4 * k * k - 1)) * Math.cos((2 * k * j * Math.PI) / n);
    }
    return (j === 0 || j === n ? 1 : 2) * (sum / (2 * n));
  });
  return { nodes, weights };
}

/** Gauss–Legendre with n nodes, by Newton's method on the Legendre polynomial (Abramowitz & Stegun 25.4.29). */
export function gaussLegendre(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n / 2; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let iteration = 0; iteration < 100; iteration++) {
      let [previous, current] = [1, x];
      for (let k = 2; k <= n; k++) {
        [previous, current] = [current, ((2 * k - 1) * x * current - (k - 1) * previous) / k];
      }
      slope = (n * (x * current - previous)) / (x * x - 1);
      const step = current / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    // The nodes lie symmetrically; the middle one of an odd rule is its own mirror image.
    nodes[i] = (1 - x) / 2;
    nodes[n - 1 - i] = (1 + x) / 2;
    weights[i] = weights[n - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** Rules for ∫₀¹ g(α) dα ≈ Σ w_k g(α_k). */

export interface Rule {
  nodes: Float64Array;
  weights: Float64Array;
}

/**
 * Fejér's second rule with n − 1 nodes α_j = ½ (1 − cos(jπ/n)), n even (Waldvogel 2006, "Fast construction of the Fejér
 * and Clenshaw–Curtis quadrature rules"): Clenshaw–Curtis without the ends. Every second node of the rule for 2n is a
 * node of the rule for n.
 */
export function fejer(n: number): Rule {
  const angles = Float64Array.from({ length: n - 1 }, (_, j) => ((j + 1) * Math.PI) / n);
  const weights = angles.map((angle) => {
    let sum = 0;
    for (let k = 1; k <= n / 2; k++) sum += Math.sin((2 * k - 1) * angle) / (2 * k - 1);
    return (2 * Math.sin(angle) * sum) / n;
  });
  return { nodes: angles.map((angle) => (1 - Math.cos(angle)) / 2), weights };
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

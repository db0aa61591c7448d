/**
 * The MLP's activation. Only its input is kept for the backward pass: four times the width of the stream, it would
 * otherwise be the largest thing in memory.
 */
import type { Gpt2Config } from '../../checkpoint/types.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { add, cast, erf, exp, greater, mul, relu, scale, sigmoid, sub } from '../../onnx/ops.ts';

interface Activation {
  forward(g: Graph, x: Value): Value;
  /** dy ⊙ f′(x), element by element. */
  vjp(g: Graph, dy: Value, x: Value): Value;
  /** At this distance and below, f′ half way is nearer to a difference quotient than float32's own. */
  near: number;
}

/**
 * Hendrycks & Gimpel's tanh approximation: f = x · ½ (1 + tanh(√(2/π)(x + 0.044715 x³))) = x · σ(u) with
 * u = x (a + p), a = 2 √(2/π), p = 0.044715 a x². Then u′ = a + 3 p and f′ = σ + (f − f σ) u′.
 */
const geluTanh: Activation = {
  near: 0.02,
  forward: (g, x) => g.node('FastGelu', [x], x, {}, 'com.microsoft'),
  vjp(g, dy, x) {
    const a = 2 * Math.sqrt(2 / Math.PI);
    const p = scale(g, mul(g, x, x), 0.044715 * a);
    const s = sigmoid(g, mul(g, x, add(g, p, g.float(a))));
    const y = mul(g, x, s);
    const slope = add(g, scale(g, p, 3), g.float(a));
    return mul(g, dy, add(g, mul(g, sub(g, y, mul(g, y, s)), slope), s));
  },
};

/** f = x Φ(x) with the normal distribution's Φ, so f′ = Φ + x φ. */
const geluErf: Activation = {
  near: 0.02,
  forward: (g, x) => g.node('Gelu', [x], x),
  vjp(g, dy, x) {
    const distribution = scale(g, add(g, erf(g, scale(g, x, Math.SQRT1_2)), g.float(1)), 0.5);
    const density = scale(g, exp(g, scale(g, mul(g, x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return mul(g, dy, add(g, distribution, mul(g, x, density)));
  },
};

/** The derivative at 0 is taken as 0, as PyTorch does. */
const rectifier: Activation = {
  near: 0,
  forward: relu,
  vjp: (g, dy, x) => mul(g, dy, cast(g, greater(g, x, g.float(0)), 'float')),
};

export const activations: Record<Gpt2Config['activation'], Activation> = {
  gelu_new: geluTanh,
  gelu: geluErf,
  relu: rectifier,
};

/** Layer normalisation (Ba et al. 2016): x̂ = (x − mean x) / √(var x + ε), y = x̂ ⊙ weight + bias. */
import type { Value } from '../../onnx/graph.ts';
import { layerNormalization, mul, reduceLast, sub } from '../../onnx/ops.ts';
import { type LayerContext, weight } from './context.ts';

/** x `[N, C]` → `[N, C]`. */
export function layerNorm(context: LayerContext, name: string, x: Value): Value {
  const { g, config } = context;
  const parameters = [weight(context, `${name}.weight`), weight(context, `${name}.bias`)] as const;
  return layerNormalization(g, x, ...parameters, config.layerNormEpsilon).y;
}

/**
 * With g = dy ⊙ weight and r = 1 / √(var + ε):  dx = r · (g − mean g − x̂ · mean(g ⊙ x̂)).
 * x̂ is computed again from x, which is cheaper than keeping it for every layer.
 */
export function layerNormVjp(context: LayerContext, name: string, dy: Value, x: Value): Value {
  const { g, config } = context;
  const ones = g.shared('ones', () => g.float(new Float32Array(config.width).fill(1)));
  const zeros = g.shared('zeros', () => g.float(new Float32Array(config.width)));
  const { y: normalized, inverseStd } = layerNormalization(g, x, ones, zeros, config.layerNormEpsilon);
  const scaled = mul(g, dy, weight(context, `${name}.weight`));
  const mean = reduceLast(g, 'ReduceMean', scaled, true);
  const projection = reduceLast(g, 'ReduceMean', mul(g, scaled, normalized), true);
  return mul(g, sub(g, sub(g, scaled, mean), mul(g, normalized, projection)), inverseStd);
}

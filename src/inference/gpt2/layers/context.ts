/** What every layer of one graph shares. */
import type { Gpt2Config, MappedWeights } from '../../checkpoint/types.ts';
import { type Dim, type Shape, showShape } from '../../onnx/dims.ts';
import type { Graph, Value } from '../../onnx/graph.ts';

/**
 * Symbols: S time steps that are computed, B sequences, P earlier time steps known by their keys and values,
 * T = P + S, C width, H heads, D = C / H, V vocabulary. Activations are time-major, `[S, B, …]`, so that a prefix's
 * keys and values can be put in front without moving the rest; matrices see them as `[B*S, …]`, row s · B + b.
 */
export interface LayerContext {
  g: Graph;
  config: Gpt2Config;
  weights: MappedWeights;
  S: Dim;
  B: Dim;
  P: Dim;
  T: Dim;
}

/** A weight by its Hugging Face name without the `transformer.` prefix; its numbers may be read in another shape. */
export function weight({ g, weights }: LayerContext, name: string, shape?: Shape): Value {
  const location = weights.index.get(name);
  if (!location) throw new TypeError(`no weight ${name}`);
  const label = shape ? `${name} as ${showShape(shape)}` : name;
  return g.weight(label, shape ?? location.shape, weights.file, location.offset, location.length);
}

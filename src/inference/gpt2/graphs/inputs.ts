/** Graph inputs that the graphs over a sequence have in common. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { type Dim, sum } from '../../onnx/dims.ts';
import { Graph, type Value } from '../../onnx/graph.ts';
import type { KeysAndValues } from '../layers/attention.ts';
import type { LayerContext } from '../layers/context.ts';
import { causalMask, hidingMask } from '../layers/mask.ts';

export interface SequenceShape {
  batch: Dim;
  /** Time steps to compute. */
  steps: Dim;
  /**
   * Whether there are earlier tokens. It makes a different graph, as onnxruntime cannot multiply by keys of length 0.
   */
  past: boolean;
}

export interface SequenceInputs {
  context: LayerContext;
  /** `[S]` int64: the absolute positions of what is computed. */
  positions: Value;
  /** Per layer `[P, 1, H, D]` each; empty without a past. */
  past: KeysAndValues[];
}

/** Inputs: `positions` `[S]`; with a past `past_keys.l` and `past_values.l` `[P, 1, H, D]`. */
export function sequenceInputs(
  checkpoint: Checkpoint,
  { batch, steps, past }: SequenceShape,
): SequenceInputs {
  const g = new Graph();
  const { config, weights } = checkpoint;
  const P = past ? 'P' : 0;
  const context: LayerContext = { g, config, weights, S: steps, B: batch, P, T: sum(P, steps) };
  const shape = [P, 1, config.heads, config.width / config.heads];
  const layer = (_: unknown, index: number) => ({
    keys: g.input(`past_keys.${index}`, 'float', shape),
    values: g.input(`past_values.${index}`, 'float', shape),
  });
  return {
    context,
    positions: g.input('positions', 'int64', [steps]),
    past: past ? Array.from({ length: config.layers }, layer) : [],
  };
}

/** The causal mask `[S, T]`. With a past there is one more input, `key_positions` `[T]`. */
export function maskInput(context: LayerContext, positions: Value): Value {
  return causalMask(context, positions, keyPositions(context, positions));
}

/**
 * A causal mask that also hides tokens, `[B, 1, S, T]`. Its input `hidden` `[B, T]` is 1 for a token that no other
 * token may see.
 */
export function hidingMaskInput(context: LayerContext, positions: Value): Value {
  const { g, B, T } = context;
  return hidingMask(context, positions, keyPositions(context, positions), g.input('hidden', 'float', [B, T]));
}

function keyPositions({ g, P, T }: LayerContext, positions: Value): Value {
  return P === 0 ? positions : g.input('key_positions', 'int64', [T]);
}

/** Graph inputs that the decode and the gradient graph have in common. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { type Dim, sum } from '../../onnx/dims.ts';
import { Graph, type Value } from '../../onnx/graph.ts';
import type { KeysAndValues } from '../layers/attention.ts';
import type { LayerContext } from '../layers/context.ts';

export interface SequenceInputs {
  context: LayerContext;
  /** `[S]` and `[T]` int64: the absolute positions of what is computed and of what can be attended to. */
  positions: Value;
  keyPositions: Value;
  /** Per layer `[P, C]` each; empty without a prefix. */
  past: KeysAndValues[];
}

export function sequenceInputs(checkpoint: Checkpoint, batch: Dim, withPast: boolean): SequenceInputs {
  const g = new Graph();
  const { config, weights } = checkpoint;
  const P = withPast ? 'P' : 0;
  const context: LayerContext = { g, config, weights, S: 'S', B: batch, P, T: sum(P, 'S') };
  const positions = g.input('positions', 'int64', [context.S]);
  const keyPositions = withPast ? g.input('key_positions', 'int64', [context.T]) : positions;
  const past = !withPast
    ? []
    : Array.from({ length: config.layers }, (_, layer) => ({
        keys: g.input(`past_keys.${layer}`, 'float', [P, config.width]),
        values: g.input(`past_values.${layer}`, 'float', [P, config.width]),
      }));
  return { context, positions, keyPositions, past };
}

/** f and its gradient with respect to the residual stream at the predicting token: where a backward pass begins. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import type { LayerContext } from '../layers/context.ts';
import { objective } from '../layers/objective.ts';

/**
 * f = z_target − foil_weight · z_foil.
 * Inputs: `residual` `[1, C]` (before ln_f), `target`, `foil` `[1]`, `foil_weight` `[1]`.
 * Outputs: `value` `[1]`, `gradient` `[1, C]`.
 */
export function objectiveGraph({ config, weights }: Checkpoint): Graph {
  const g = new Graph();
  const context: LayerContext = { g, config, weights, S: 1, B: 1, P: 0, T: 1 };
  const residual = g.input('residual', 'float', [1, config.width]);
  const { value, gradient } = objective(context, 'linear', residual, {
    target: g.input('target', 'int64', [1]),
    foil: g.input('foil', 'int64', [1]),
    foilWeight: g.input('foil_weight', 'float', [1]),
  });
  g.output('value', value, [1]);
  g.output('gradient', gradient(), [1, config.width]);
  return g;
}

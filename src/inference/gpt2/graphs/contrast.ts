/** The contrast of two logits and its gradient with respect to the residual stream: where a backward pass begins. */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { Graph } from '../../onnx/graph.ts';
import type { LayerContext } from '../layers/context.ts';
import { objective, objectiveInputs } from '../layers/objective.ts';

/**
 * f = z_target − foil_weight · z_foil, for each of N streams.
 * Inputs: `residual` `[N, C]` (before ln_f) and those of {@link objectiveInputs}.
 * Outputs: `value` `[N]`, `gradient` `[N, C]`.
 */
export function contrastGraph({ config, weights }: Checkpoint): Graph {
  const g = new Graph();
  const N = 'N';
  const context: LayerContext = { g, config, weights, S: 1, B: N, P: 0, T: 1 };
  const residual = g.input('residual', 'float', [N, config.width]);
  const { value, gradient } = objective(context, 'linear', residual, objectiveInputs(context));
  g.output('value', value, [N]);
  g.output('gradient', gradient(), [N, config.width]);
  return g;
}

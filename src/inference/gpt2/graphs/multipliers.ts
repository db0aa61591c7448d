/**
 * DeepLIFT's multipliers of f for the embeddings, between an input and its reference: both run through the model side by
 * side, and one backward pass goes through both by the rules of `layers/secant.ts`. What is before the explained tokens is
 * the same for both, and enters as keys and values.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { add, gatherRows, reshape, unsqueeze } from '../../onnx/ops.ts';
import { type BlockParts, block, lastStep, placeLastStep } from '../layers/block.ts';
import { blockSecant } from '../layers/blockSecant.ts';
import { type LayerContext, weight } from '../layers/context.ts';
import { lastRow } from '../layers/mask.ts';
import { type ObjectiveForm, objectiveInputs, objectiveSecant } from '../layers/objective.ts';
import { maskInput, sequenceInputs } from './inputs.ts';

export interface MultipliersVariant {
  objective: ObjectiveForm;
  prefix: boolean;
}

/**
 * Inputs: `embeddings` `[S, 2, C]`, of the input and of its reference, without positions, and those of
 * {@link objectiveInputs}, {@link sequenceInputs} and {@link maskInput}.
 * Outputs: `value` `[2]`, `multipliers` `[S, 1, C]`.
 */
export function multipliersGraph(checkpoint: Checkpoint, variant: MultipliersVariant): Graph {
  const shape = { batch: 2, steps: 'S', past: variant.prefix };
  const { context, positions, past: pasts } = sequenceInputs(checkpoint, shape);
  const { g, config, S } = context;
  const { width: C, layers } = config;
  const embeddings = g.input('embeddings', 'float', [S, 2, C]);
  const inputs = objectiveInputs(context);
  const mask = maskInput(context, positions);
  const places = unsqueeze(g, gatherRows(g, weight(context, 'wpe.weight'), positions), [1]);
  let h: Value = reshape(g, add(g, embeddings, places), [`2*${S}`, C]);
  const saved: BlockParts[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const { after, parts } = block(context, h, { layer, past: pasts[layer] ?? null, mask });
    saved.push(parts);
    h = after;
  }

  const alone: LayerContext = { ...context, B: 1 };
  const { value, multipliers } = objectiveSecant(context, variant.objective, lastStep(context, h), inputs);
  g.output('value', value, [2]);
  let m = placeLastStep(alone, multipliers, lastRow(alone, positions));
  for (const parts of saved.reverse()) m = blockSecant(alone, m, parts);
  g.output('multipliers', reshape(g, m, [S, 1, C]), [S, 1, C]);
  return g;
}

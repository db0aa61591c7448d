/**
 * f and ∂f/∂x for a batch of B inputs x that share everything before the explained tokens. The prefix does not depend
 * on x, so it enters as keys and values. What comes after the predicting token cannot matter, and the caller leaves it
 * out: the last of the S time steps predicts the target.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { product } from '../../onnx/dims.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { add, gatherRows, last, reshape, unsqueeze } from '../../onnx/ops.ts';
import { type BlockParts, block, blockVjp } from '../layers/block.ts';
import { weight } from '../layers/context.ts';
import { lastRow } from '../layers/mask.ts';
import { type ObjectiveForm, objective, objectiveInputs } from '../layers/objective.ts';
import { hidingMaskInput, maskInput, sequenceInputs } from './inputs.ts';

export interface GradientVariant {
  objective: ObjectiveForm;
  prefix: boolean;
  /** Adds the input `hidden` `[B, T]`: 1 for a token that no other token may attend to. */
  hidden: boolean;
  /** Without it the graph ends at f. */
  gradient: boolean;
}

/**
 * Inputs: `embeddings` `[S, B, C]` (rows of wte or points between them; positions are added here), and those of
 * {@link objectiveInputs}, {@link sequenceInputs} and {@link maskInput}.
 * Outputs: `value` `[B]`, `gradient` `[S, B, C]`.
 */
export function gradientGraph(checkpoint: Checkpoint, variant: GradientVariant): Graph {
  const shape = { batch: 'B', steps: 'S', past: variant.prefix };
  const { context, positions, past: pasts } = sequenceInputs(checkpoint, shape);
  const { g, config, S, B } = context;
  const { width: C, layers } = config;
  const embeddings = g.input('embeddings', 'float', [S, B, C]);
  const inputs = objectiveInputs(context);

  const mask = variant.hidden ? hidingMaskInput(context, positions) : maskInput(context, positions);
  const placed = add(
    g,
    embeddings,
    unsqueeze(g, gatherRows(g, weight(context, 'wpe.weight'), positions), [1]),
  );
  let h: Value = reshape(g, placed, [product([S, B]), C]);
  // The last token sees everything that is not hidden, so it needs no causal mask.
  const ofLast = { mask: null, ...(variant.hidden && { lastMask: last(g, mask, 2) }) };
  const saved: BlockParts[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const isTop = layer === layers - 1;
    const past = pasts[layer] ?? null;
    const masks = isTop ? ofLast : { mask };
    const options = { layer, past, ...masks };
    const { after, parts } = block(context, h, options);
    saved.push(parts);
    h = after;
  }

  const { value, gradient } = objective(context, variant.objective, h, inputs);
  g.output('value', value, [B]);
  if (!variant.gradient) return g;

  const isLast = lastRow(context, positions);
  let dh = gradient();
  for (const parts of saved.reverse()) dh = blockVjp(context, dh, parts, isLast);
  g.output('gradient', reshape(g, dh, [S, B, C]), [S, B, C]);
  return g;
}

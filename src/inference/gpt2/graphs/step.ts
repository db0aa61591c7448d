/**
 * One more token of a sequence, from its id to the distribution after it: the graph that generation runs over and over.
 * Its cost is reading the weights, so it computes nothing else.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import type { Graph } from '../../onnx/graph.ts';
import { block } from '../layers/block.ts';
import { embed } from '../layers/embed.ts';
import { unembed } from '../layers/unembed.ts';
import { sequenceInputs } from './inputs.ts';
import { distributionOutputs, presentOutputs } from './outputs.ts';

/**
 * Inputs: `ids` `[1]`, those of {@link sequenceInputs} with a past, and `k` `[1]`.
 * Outputs: `keys.l` and `values.l` `[1, 1, H, D]`, and those of {@link distributionOutputs} with N = 1.
 */
export function stepGraph(checkpoint: Checkpoint): Graph {
  const { context, positions, past } = sequenceInputs(checkpoint, { batch: 1, steps: 1, past: true });
  const { g, config } = context;
  let h = embed(context, g.input('ids', 'int64', [1]), positions);
  for (let layer = 0; layer < config.layers; layer++) {
    // No mask: the newest token may see everything.
    const { after, parts } = block(context, h, { layer, past: past[layer] ?? null, mask: null });
    presentOutputs(context, layer, parts.attention.present);
    h = after;
  }
  distributionOutputs(context, unembed(context, h));
  return g;
}

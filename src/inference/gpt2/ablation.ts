/**
 * Zero ablation: f without one head or one MLP, switched off at all time steps. f is the contrast after the last step.
 */
import type { Run } from '../run.ts';
import type { Feeds, Program } from '../runtime/backend.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, range, type Tensor } from '../runtime/tensors.ts';
import { type Contrast, type ContrastParts, contrastOf } from './contrast.ts';
import type { StreamRows } from './streams.ts';

/** Some consecutive parts of a layer, from `first` on. A layer's parts are its heads and then its MLP. */
export interface WithoutParts {
  layer: number;
  first: number;
  /** f without each of them. */
  values: Float32Array;
}

/**
 * f without each part of each layer. The last layer comes first because it is the cheapest. Parts of one layer go
 * through the layers above it together, as many as fit into one slice of work.
 * @param streams of the text
 */
export async function* ablate(
  network: ContrastParts,
  streams: StreamRows,
  contrast: Contrast,
  run: Run,
): AsyncGenerator<WithoutParts> {
  const { layers, heads, width } = network.config;
  const steps = (streams[0] as Float32Array).length / width;
  for (let layer = layers - 1; layer >= 0; layer--) {
    const parts = heads + 1;
    for (let first = 0; first < parts; ) {
      // In slices of about the same size: a small one at the end would leave processors idle.
      const slices = Math.ceil((parts - first) / network.programs.pace.layer.sequences(steps));
      const count = Math.ceil((parts - first) / slices);
      const residual = await without(network, streams[layer] as Float32Array, layer, { first, count }, run);
      const { value: values } = await contrastOf(network, residual, contrast, run);
      yield { layer, first, values };
      first += count;
    }
  }
}

/**
 * @param parts of the layer: its heads, then its MLP
 * @returns the stream before ln_f at the last time step without each of them, `[count, C]`
 */
async function without(
  { config, programs }: ContrastParts,
  stream: Float32Array,
  layer: number,
  { first, count }: { first: number; count: number },
  run: Run,
): Promise<Float32Array> {
  const { layers, heads, width } = config;
  const steps = stream.length / width;
  const headMask = new Float32Array(count * heads).fill(1);
  const mlpMask = new Float32Array(count).fill(1);
  for (let at = 0; at < count; at++) {
    const part = first + at;
    if (part < heads) headMask[at * heads + part] = 0;
    else mlpMask[at] = 0;
  }
  const masks = {
    head_mask: floats(headMask, [count, heads]),
    mlp_mask: floats(mlpMask, [count]),
  };
  const positions = range(0, steps);
  const pass = async (at: number, program: Program, feeds: Feeds) => {
    const given = Object.fromEntries(program.inputNames.map((name) => [name, feeds[name] as Tensor]));
    const work = () => fetch(program, given, ['after']);
    // The last layer computes one time step: its pace says nothing about the others.
    const { after } = await (at < layers - 1 ? programs.pace.layer.time(count * steps, work) : work());
    await run.breathe();
    return after;
  };

  const ablation = await programs.ablation(run, layer);
  const whole = floats(stream, [steps, 1, width]);
  let after = await pass(layer, ablation, { stream: whole, positions, ...masks });
  for (let above = layer + 1; above < layers; above++) {
    const program = await programs.layer(run, above);
    const parted = floats(after, [steps, count, width]);
    after = await pass(above, program, { stream: parted, positions });
  }
  return after;
}

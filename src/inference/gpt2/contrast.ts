/** The number by which parts of the model are compared: the logit of one next token minus that of another. */
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, integers, type Tensor } from '../runtime/tensors.ts';
import type { Network } from './network.ts';

/** f = z_target − z_foil. */
export interface Contrast {
  target: number;
  /** null: f is the target's logit alone. */
  foil: number | null;
}

/** The inputs of a graph's objective; see `layers/objective.ts`. */
export function contrastFeeds({ target, foil }: Contrast): Record<'target' | 'foil' | 'foil_weight', Tensor> {
  return {
    target: integers([target]),
    foil: integers([foil ?? target]),
    foil_weight: floats(Float32Array.of(foil === null ? 0 : 1), [1]),
  };
}

export type ContrastParts = Pick<Network, 'config' | 'programs' | 'soundness'>;

/**
 * f of streams before ln_f, `[N, C]` → `[N]`, and ∂f/∂(stream), `[N, C]`.
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function contrastOf(
  { config, programs, soundness }: ContrastParts,
  residual: Float32Array,
  contrast: Contrast,
  run: Run,
): Promise<{ value: Float32Array; gradient: Float32Array }> {
  const { width } = config;
  const program = await programs.contrast(run);
  const feeds = {
    residual: floats(residual, [residual.length / width, width]),
    ...contrastFeeds(contrast),
  };
  const fetched = await fetch(program, feeds, ['value', 'gradient']);
  for (const one of fetched.value) await soundness.finite(one, run);
  return fetched;
}

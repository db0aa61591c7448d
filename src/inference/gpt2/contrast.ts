/** The prediction that parts of the model are compared by: the logit of one next token against another's. */
import type { Run } from '../run.ts';
import type { Gpt2 } from './model.ts';
import type { Ort, Tensor } from './runtime.ts';
import { fetch, floats, integers } from './tensors.ts';

/** f = z_target − z_foil. */
export interface Contrast {
  target: number;
  /** null: f is the target's logit alone. */
  foil: number | null;
}

/** The inputs of a graph's objective; see `layers/objective.ts`. */
export function contrastFeeds(
  ort: Ort,
  { target, foil }: Contrast,
): Record<'target' | 'foil' | 'foil_weight', Tensor> {
  return {
    target: integers(ort, [target]),
    foil: integers(ort, [foil ?? target]),
    foil_weight: floats(ort, Float32Array.of(foil === null ? 0 : 1), [1]),
  };
}

/**
 * f of streams before ln_f, `[N, C]` → `[N]`, and ∂f/∂(stream), `[N, C]`.
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function contrastOf(
  model: Gpt2,
  residual: Float32Array,
  contrast: Contrast,
  run: Run,
): Promise<{ value: Float32Array; gradient: Float32Array }> {
  const { ort, config } = model;
  const session = await model.contrastSession(run);
  const feeds = {
    residual: floats(ort, residual, [residual.length / config.width, config.width]),
    ...contrastFeeds(ort, contrast),
  };
  const fetched = await fetch(session, feeds, ['value', 'gradient']);
  for (const one of fetched.value) await model.finite(one, run);
  return fetched;
}

/**
 * Value zeroing (Mohebbi et al. 2023, "Quantifying Context Mixing in Transformers"): how far a layer's output for one token
 * moves, in cosine distance, when another token's value is zero in all heads; each row divided by its sum, and followed
 * through the layers. The residual stream and the MLP are part of a layer's output, so no identity is added. It has no
 * sign and does not depend on the target.
 *
 * Each layer's attention and MLP are computed again for every pair of tokens: about tokens / 3 forward passes.
 */
import type { AttributionMethod } from './method.ts';
import { explainedPart, routedDown } from './routed.ts';

export const valueZeroing: AttributionMethod<'value-zeroing'> = async (f) => {
  const routes = await f.routes('zeroing');
  return explainedPart(f, routes, await routedDown(routes, (_, passed) => passed));
};

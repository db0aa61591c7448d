/**
 * Attention × gradient (Chefer, Gur and Wolf 2021, "Generic attention-model explainability", equations 5 and 6): with Ā the
 * mean over the heads of (A ⊙ ∂f/∂A)⁺, relevance starts as the identity and each layer adds Ā R, the first layer first.
 * A score is the predicting token's row of R − I. It has no sign, as the negative products are left out. f must be a
 * logit or a contrast of two.
 */
import type { AttributionMethod } from './method.ts';
import { explainedPart, routedDown } from './routed.ts';

export const attentionXGradient: AttributionMethod<'attention-x-gradient'> = async (f) => {
  const routes = await f.routes('products');
  const relevance = await routedDown(routes, (row, passed) =>
    row.map((kept, place) => kept + passed[place]!),
  );
  const last = routes.places - 1;
  relevance[last] = relevance[last]! - 1;
  return explainedPart(f, routes, relevance);
};

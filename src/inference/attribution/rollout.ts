/**
 * Attention rollout (Abnar and Zuidema 2020, equation 1): the predicting token's row in the product over the layers of
 * ½ A + ½ I, A being the mean over the heads: attention followed through the layers, with the residual stream as the
 * identity. It has no sign and does not depend on the target. It is there to be compared with.
 */
import type { AttributionMethod } from './method.ts';
import { explainedPart, routedDown } from './routed.ts';

export const rollout: AttributionMethod<'rollout'> = async (f) => {
  const routes = await f.routes('attention');
  const reached = await routedDown(routes, (row, passed) =>
    row.map((kept, place) => (kept + passed[place]!) / 2),
  );
  return explainedPart(f, routes, reached);
};

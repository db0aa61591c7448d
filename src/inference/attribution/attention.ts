/**
 * Attention weights as an attribution: how much the predicting token attends to each token, the mean over all heads and
 * layers. It says where the model looked, not what came of it (Jain and Wallace 2019, "Attention is not Explanation"),
 * has no sign and does not depend on the target. It is there to be compared with. The first token of a text often draws
 * much of it whatever it says.
 */
import type { AttributionMethod } from './method.ts';
import { explainedPart } from './routed.ts';

export const attention: AttributionMethod<'attention'> = async (f) => {
  const routes = await f.routes('attention');
  const last = routes.places - 1;
  const mean = new Float64Array(routes.places);
  for (let layer = routes.layers - 1; layer >= 0; layer--) {
    const row = (await routes.at(layer, last)).subarray(-routes.places);
    for (const [place, weight] of row.entries()) mean[place] = mean[place]! + weight / routes.layers;
  }
  return explainedPart(f, routes, mean);
};

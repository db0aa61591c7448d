/**
 * ALTI-Logit (Ferrando et al. 2023, "Explaining How Transformers Use Context to Build Predictions"): what each part of the
 * model wrote directly to the prediction, and from which token that came in the end. An attention layer's writes are
 * split by source, as in direct logit attribution; what a source held there had been mixed by the layers below. With
 * C^l the contributions of layer l (ALTI) and Δ^l_j what layer l wrote from place j,
 *
 *     score_t = Σ_l Σ_j Δ^l_j M^{l−1}_jt,  M^l = C^l ⋯ C^1, M^0 = I.
 *
 * What an MLP wrote belongs to the predicting place after its layer's attention, so it is mixed by M^l.
 *
 * It costs about one forward pass more, no gradient, and has neither baseline nor steps. f must be linear in the logits.
 * f(x′) is the rest, as in direct logit attribution: δ is only rounding error. That the parts sum up to f does not make
 * the mixing right: it is a measure of nearness, not a derivative.
 */
import type { AttributionMethod } from './method.ts';
import { ofExplained } from './shares.ts';
import { rowTimes } from './triangular.ts';

export const altiLogit: AttributionMethod<'alti-logit'> = async (f) => {
  const writes = await f.writes();
  const { rows, places } = writes;
  const routes = await f.routes('mixing');
  const shares = Float64Array.from(writes.contributions);
  for (let layer = routes.layers - 1; layer >= 0; layer--) {
    // Of the last layer only its MLP is mixed, which wrote at the last place.
    const mixing = await routes.at(layer, layer === routes.layers - 1 ? places - 1 : 0);
    const mlpRow = 2 + 2 * layer;
    for (let row = mlpRow; row < rows; row++) {
      const own = shares.subarray(row * places, (row + 1) * places);
      own.set(rowTimes(own, mixing));
    }
  }
  return ofExplained(f, writes, shares);
};

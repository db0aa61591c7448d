/**
 * Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits", on the direct path
 * through the residual stream): what each layer wrote directly to the prediction, and from which token. The attention
 * part is split by source token (Ferrando et al. 2023, the first step of ALTI-Logit). A token's score is the sum over
 * the layers of what was read from it; what earlier layers carried from token to token counts for the token that it was
 * carried to.
 *
 * Beside the tokens' scores it tells what each head and each MLP wrote, from all tokens (`components`): these and the
 * biases sum up to f(x).
 *
 * It has neither baseline nor steps and needs no gradient. f must be linear in the logits and offer `writes`. f(x′) is
 * the rest: f without all that the explained tokens wrote directly. So δ is only rounding error.
 */
import type { AttributionMethod, Components, Writes } from './method.ts';
import { ofExplained } from './shares.ts';

export const directLogit: AttributionMethod<'direct-logit'> = async (f) => {
  const writes = await f.writes();
  return { ...ofExplained(f, writes, writes.contributions), components: componentsOf(writes) };
};

/** The rows of the embedding and of the MLPs, over all places; the attentions' by head. */
function componentsOf({ rows, places, contributions, heads, rest }: Writes): Components {
  const written = (row: number) =>
    contributions.subarray(row * places, (row + 1) * places).reduce((sum, one) => sum + one, 0);
  const mlps = Float32Array.from({ length: (rows - 1) / 2 }, (_, layer) => written(2 + 2 * layer));
  return { embedding: written(0), heads, mlps, biases: rest };
}

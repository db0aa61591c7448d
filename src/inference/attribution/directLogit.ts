/**
 * Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits", on the direct path
 * through the residual stream): what each layer wrote directly to the prediction, and from which token. The attention
 * part is split by source token (Ferrando et al. 2023, the first step of ALTI-Logit). A token's score is the sum over
 * the layers of what was read from it; what earlier layers carried from token to token counts for the token that it was
 * carried to.
 *
 * It has neither baseline nor steps and needs no gradient. f must be linear in the logits and offer `writes`. f(x′) is
 * the rest: f without all that the explained tokens wrote directly. So δ is only rounding error.
 */
import type { AttributionMethod } from './method.ts';
import { ofExplained } from './shares.ts';

export const directLogit: AttributionMethod<'direct-logit'> = async (f) => {
  const writes = await f.writes();
  return ofExplained(f, writes, writes.contributions);
};

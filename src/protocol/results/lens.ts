import * as v from 'valibot';
import { count, floats, integers } from './common.ts';
import { receipt } from './receipt.ts';
import { shownToken, tokenSpan } from './tokens.ts';

/**
 * The logit lens (nostalgebraist 2020): ln_f and the unembedding applied to the residual stream between the layers. Row 0
 * is the stream before the first layer, row L the model's own prediction.
 */
export const lens = v.object({
  receipt,
  /**
   * The tokens whose next token is predicted, in reading order. If BOS is read and nothing comes between it and the
   * range, it is the first, with an empty range.
   */
  tokens: v.array(tokenSpan),
  /** L + 1. */
  rows: count,
  /** The most probable token of each cell: `[row, token]`. */
  ids: integers,
  /** Its probability: `[row, token]`. */
  probabilities: floats,
  /** The texts of all ids in `ids`. */
  texts: v.array(shownToken),
  /** The token that is followed through the rows. */
  followed: v.nullable(
    v.object({
      ...shownToken.entries,
      /** 1 for the most probable token: `[row, token]`. */
      ranks: integers,
      /** `[row, token]` */
      probabilities: floats,
    }),
  ),
});
export type Lens = v.InferOutput<typeof lens>;

import * as v from 'valibot';
import { removals } from '../methods.ts';
import { count } from './common.ts';
import { asked } from './explanation.ts';
import { receipt } from './receipt.ts';

/** f without some tokens, by every operator: what a contribution claims, tried. */
export const removed = v.object({
  receipt: v.object({ ...receipt.entries, ...asked, tokens: v.array(count), seed: count }),
  /** f(x). */
  value: v.number(),
  without: v.array(
    v.object({
      removal: v.picklist(removals),
      /** f without the tokens; where texts are drawn, its mean over them. */
      value: v.number(),
      /** Standard error of that mean; null where nothing is drawn. */
      standardError: v.nullable(v.number()),
    }),
  ),
});
export type Removed = v.InferOutput<typeof removed>;

/** How well several methods explain one example. */
import * as v from 'valibot';
import { removals } from '../methods.ts';
import { count } from './common.ts';
import { asked } from './explanation.ts';
import { receipt } from './receipt.ts';

const number = v.number();

/** Between 0 and 1; large is good. */
const plausibility = v.object({
  /** Of the evidence token with the highest score. */
  reciprocalRank: number,
  /** The part of the positive scores that is on evidence. */
  mass: number,
  averagePrecision: number,
});
export type Plausibility = v.InferOutput<typeof plausibility>;

/** An area over a curve, the means of random orders, and of the best known order. */
const area = v.object({
  value: number,
  floor: number,
  ceiling: number,
  /** 0 as the floor, 1 as the ceiling; null where the two are the same. */
  normalised: v.nullable(number),
});

export const evaluated = v.object({
  receipt: v.object({ ...receipt.entries, ...asked, seed: count }),
  /** How many tokens are explained. */
  tokens: count,
  /** f(x). */
  value: number,
  /** Those that can explain this f. */
  methods: v.array(
    v.object({
      method: v.string(),
      /** For a method that works until an error is within its tolerance, whether it got there; null for all others. */
      converged: v.nullable(v.boolean()),
      removals: v.array(
        v.object({
          removal: v.picklist(removals),
          comprehensiveness: area,
          sufficiency: area,
          /** Kendall's τ-b with what f loses without each token. */
          leaveOneOut: v.nullable(number),
          /** Spearman's ρ between sums of scores and f over random masks. */
          lds: v.nullable(number),
        }),
      ),
      /** π-soft comprehensiveness and sufficiency, and what scores that know nothing reach of either. */
      soft: v.object({ comprehensiveness: number, sufficiency: number, floor: number }),
      /** Null where no evidence is known. */
      plausibility: v.nullable(plausibility),
    }),
  ),
  /** Of a random order. */
  chance: v.nullable(plausibility),
});
export type Evaluated = v.InferOutput<typeof evaluated>;

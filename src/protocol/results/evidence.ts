/** How far an explanation can be believed on its own text. */
import * as v from 'valibot';
import { methodId, removals } from '../methods.ts';
import { baselines } from '../objectives.ts';
import { count } from './common.ts';
import { explainReceipt, explainReceiptSoFar } from './explanation.ts';

const number = v.number();

/** f at each of `counts`. */
const curves = v.object({
  /** Without so many of the first tokens of an order. */
  deletion: v.array(number),
  /** With these alone. */
  insertion: v.array(number),
});

/** An area over a curve, between what a random order and what the best known order reach. */
const area = v.object({
  value: number,
  /** The mean over random orders, with its standard error; null as long as it is not known. */
  floor: v.nullable(v.object({ value: number, standardError: number })),
  ceiling: v.nullable(number),
  /** 0 as the floor, 1 as the ceiling; null also where the two are the same. */
  normalised: v.nullable(number),
});

/** Null where all values of a side are equal. */
const correlation = v.object({
  value: v.nullable(number),
  /** The 95 % interval by the bootstrap, where the pairs are a random sample. */
  interval: v.nullable(v.object({ low: number, high: number })),
  /** What 95 % of correlations with the same scores in random places lie below, whatever their sign. */
  chance: v.nullable(number),
});

export const removalEvidence = v.object({
  removal: v.picklist(removals),
  /** f without all explained tokens. */
  nothing: number,
  /** How many tokens the curves remove, or keep. */
  counts: v.array(count),
  /** By the scores, highest first. */
  explanation: curves,
  /** The mean over random orders. */
  floor: v.nullable(curves),
  /** By the best known orders, one for each curve. */
  ceiling: v.nullable(curves),
  /** Large is good. */
  comprehensiveness: area,
  /** Small is good; normalised, large is good. */
  sufficiency: area,
  /** What f loses without each token alone. */
  losses: v.array(number),
  /** Kendall's τ-b of the scores with these. */
  leaveOneOut: correlation,
  /** Spearman's ρ between sums of scores and f, over random masks. */
  lds: v.nullable(correlation),
  /**
   * How many of some changed inputs are less probable than 99 % of stretches drawn from the unchanged text: there, nobody
   * knows what f means.
   */
  outOfDistribution: v.nullable(v.object({ share: number, inputs: count })),
});
export type RemovalEvidence = v.InferOutput<typeof removalEvidence>;
export type Area = v.InferOutput<typeof area>;
export type Correlation = v.InferOutput<typeof correlation>;

/** How well another method's scores tell what f does without tokens, by what was removed for the evidence anyway. */
export const removalMeasure = v.object({
  removal: v.picklist(removals),
  lds: correlation,
  /** Of comprehensiveness, as above. */
  comprehensiveness: v.nullable(number),
});
export type Measure = v.InferOutput<typeof removalMeasure>;

/** With what else the scores agree, on the same f. */
const agreement = v.object({
  method: methodId,
  /** Null for a method that has none, or draws its own. */
  baseline: v.nullable(v.picklist(baselines)),
  /** Spearman's ρ and Kendall's τ-b of the scores. */
  spearman: v.nullable(number),
  kendall: v.nullable(number),
  /** One for each way of removing; none for another baseline, which is another f(x′). */
  measures: v.array(removalMeasure),
});
export type Agreement = v.InferOutput<typeof agreement>;

const entries = {
  /** How many tokens are explained: those before the predicted one. */
  tokens: count,
  /** f(x). */
  value: number,
  /** Of random numbers. */
  seed: count,
  removals: v.array(removalEvidence),
  agreements: v.array(agreement),
  /** How often f or its gradient was evaluated on a sequence. */
  evaluations: count,
};

export const evidence = v.object({ receipt: explainReceipt, ...entries });
export type Evidence = v.InferOutput<typeof evidence>;

/** What is known so far. */
export const partialEvidence = v.object({ receipt: explainReceiptSoFar, ...entries });
export type PartialEvidence = v.InferOutput<typeof partialEvidence>;

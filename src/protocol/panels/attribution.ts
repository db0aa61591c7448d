/** What the explanation panel shows and asks for. */
import * as v from 'valibot';
import { limits } from '../limits.ts';
import { methodId } from '../methods.ts';
import { objectives } from '../objectives.ts';
import { count, floats } from '../results/common.ts';
import { removalEvidence, removalMeasure } from '../results/evidence.ts';
import { components, scoredSpan } from '../results/explanation.ts';
import { probableToken } from '../results/tokens.ts';
import { fact } from './common.ts';
import type { PanelProtocol } from './page.ts';

/** More than any text has that is explained. */
const mostTokens = limits.textLength;

/** Tokens that are shown as one: their indices, and the sum of their contributions. */
const group = v.object({ tokens: v.array(count), score: v.number() });
export type Group = v.InferOutput<typeof group>;

const method = v.object({ id: methodId, name: v.string() });
export type Method = v.InferOutput<typeof method>;

const content = v.object({
  /** A sentence in the editor's language; so are all names here. */
  title: v.string(),
  remarks: v.array(v.string()),
  method,
  /** The other methods. */
  otherMethods: v.array(method),
  objective: v.string(),
  objectiveId: v.picklist(objectives),
  /** What can be asked about by this method. */
  objectives: v.array(v.object({ id: v.picklist(objectives), name: v.string() })),
  /** Whether scores have a sign. */
  signed: v.boolean(),
  /** What a positive and a negative score mean, in words; null for scores without a sign. */
  sides: v.nullable(v.object({ for: v.string(), against: v.string() })),
  /** False while a better answer is still to come. */
  final: v.boolean(),
  tokens: v.array(
    v.object({
      ...v.pick(scoredSpan, ['text', 'score', 'standardError']).entries,
      /** Another method gives it the opposite sign, as a remark says. */
      isOpposed: v.optional(v.literal(true)),
    }),
  ),
  groups: v.object({
    token: v.array(group),
    word: v.array(group),
    line: v.array(group),
    /** Null: not asked for. */
    syntax: v.nullable(v.array(group)),
  }),
  target: probableToken,
  foil: v.nullable(probableToken),
  /** What the model expected there, most probable first. */
  next: v.array(probableToken),
  /** Whether the method tells layers apart. */
  hasLayers: v.boolean(),
  /** What each part of the model wrote; null where the method does not tell them apart. */
  components: v.nullable(components),
  /** The token that is to be removed, as was asked for in the editor, and when, which tells one request from the next. */
  removing: v.nullable(v.object({ token: count, asked: v.number() })),
  /** What contributions are relative to, in words. */
  fromName: v.string(),
  /** f(x) and f(x′), null as long as they are not known. δ is also null if the method does not claim completeness. */
  value: v.nullable(v.number()),
  baselineValue: v.nullable(v.number()),
  delta: v.nullable(v.number()),
  /** How well the contributions sum up; null if they need not, or if it is not known yet. */
  sumNote: v.nullable(v.string()),
  totals: v.array(fact),
  receipt: v.array(fact),
});
export type Attributions = v.InferOutput<typeof content>;

export const attributionPanel = {
  content,
  questions: {
    /** The same question by another method. */
    compare: {
      params: v.object({ method: methodId }),
      answer: v.object({
        /** Per token of the content. */
        scores: v.array(v.number()),
        /** Of these, where they are estimates. */
        standardErrors: v.nullable(v.array(v.number())),
        signed: v.boolean(),
        /** Spearman's ρ of the two methods' scores over the tokens; null where one of them does not vary. */
        correlation: v.nullable(v.number()),
        /** Whether `correlation` compares magnitudes, because one of the methods has no signs. */
        ofMagnitudes: v.boolean(),
        /** About the second method and how well it did. */
        remarks: v.array(v.string()),
        receipt: v.array(fact),
      }),
    },
    /** What each layer wrote directly to the prediction. */
    layers: {
      params: v.object({ granularity: v.picklist(['token', 'word', 'line', 'syntax']) }),
      answer: v.object({
        /** The embedding, then the attention and the MLP of each layer. */
        rows: count,
        /** The number of groups at this granularity. */
        columns: count,
        /** `[row, column]`; each column sums to the contribution of its tokens. */
        contributions: floats,
      }),
    },
    /** The same f without some tokens: whether what a contribution claims is so. */
    remove: {
      /** Of the content; each once. */
      params: v.object({ tokens: v.pipe(v.array(count), v.minLength(1), v.maxLength(mostTokens)) }),
      answer: v.object({
        /** f(x). */
        value: v.number(),
        /** One for each operator: its name, f without the tokens, and its standard error where texts are drawn. */
        without: v.array(
          v.object({ name: v.string(), value: v.number(), standardError: v.nullable(v.number()) }),
        ),
        receipt: v.array(fact),
      }),
    },
    /** The same question under other choices; partial answers have the rows so far. */
    choices: {
      params: v.object({}),
      answer: v.object({
        rows: v.array(
          v.object({
            name: v.string(),
            /** Per token of the content. */
            scores: v.array(v.number()),
            /** Spearman's ρ with the scores of the content. */
            correlation: v.nullable(v.number()),
          }),
        ),
        /** How many rows there will be. */
        total: count,
      }),
    },
    /** How far the explanation can be believed; partial answers have what is known so far. */
    evidence: {
      params: v.object({}),
      answer: v.object({
        /** f(x). */
        value: v.number(),
        /** Each with the name of what is done to the tokens. */
        removals: v.array(v.object({ name: v.string(), evidence: removalEvidence })),
        /** What else was asked, and Spearman's ρ of its scores with these. */
        agreements: v.array(v.object({ name: v.string(), spearman: v.nullable(v.number()) })),
        /** This method and the cheap ones that were tried on the same masks, best first; empty with one alone. */
        ranking: v.array(
          v.object({
            name: v.string(),
            isShown: v.boolean(),
            /** One for each of `removals`. */
            measures: v.array(v.pick(removalMeasure, ['lds', 'comprehensiveness'])),
          }),
        ),
        evaluations: count,
      }),
    },
    /** Repeats what the receipt says. */
    repeat: {
      params: v.object({}),
      answer: v.object({
        /** False if the checkpoint has changed since. */
        sameModel: v.boolean(),
        /** The largest |new score − old score|, and the largest |score|. */
        difference: v.number(),
        largest: v.number(),
        milliseconds: v.number(),
      }),
    },
  },
  order: v.variant('kind', [
    /** Explain this token. */
    v.object({ kind: v.literal('target'), token: count }),
    /** Explain against this foil, given by its index in `next`; null: against nothing. */
    v.object({ kind: v.literal('foil'), next: v.nullable(count) }),
    /** Explain by another method, or something else of the prediction, from now on. */
    v.object({ kind: v.literal('method'), method: methodId }),
    v.object({ kind: v.literal('objective'), objective: v.picklist(objectives) }),
    /** Syntax nodes are needed from now on. The document's language extension computes them. */
    v.object({ kind: v.literal('syntax') }),
  ]),
} as const satisfies PanelProtocol;
export type AttributionPanel = typeof attributionPanel;

/** What the probabilities panel shows and asks for. */
import * as v from 'valibot';
import { count, floats, integers } from '../results/common.ts';
import { candidate, nextTokens } from '../results/distribution.ts';
import { lens } from '../results/lens.ts';
import { receipt } from '../results/receipt.ts';
import { tokenScore } from '../results/scores.ts';
import { shownToken } from '../results/tokens.ts';
import { progress } from './common.ts';
import type { PanelProtocol } from './page.ts';

const sampling = v.object({
  temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  /** 0 keeps all. */
  topK: count,
  topP: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});
export type PanelSampling = v.InferOutput<typeof sampling>;

const stripToken = v.object({
  ...v.pick(tokenScore, ['id', 'text', 'name', 'inside', 'rank', 'logProb', 'entropy']).entries,
  /** Only for a piece of a character: the text's characters that begin in it. */
  begun: v.exactOptional(v.string()),
  /** Only for the first token of a word: the word's log-probability, corrected for where words end. */
  wordLogProb: v.exactOptional(v.number()),
});
export type StripAnswerToken = v.InferOutput<typeof stripToken>;

const panelCandidate = v.object({
  ...candidate.entries,
  rank: count,
  /** Whether it is the token that stands in the text. */
  isActual: v.boolean(),
});
export type PanelCandidate = v.InferOutput<typeof panelCandidate>;

/** A position is an index into the strip's tokens; null is the end of the text. */
const position = v.nullable(count);

/** A token that a person or a cell names. */
const followed = v.variant('kind', [
  v.object({ kind: v.literal('id'), id: count }),
  v.object({ kind: v.literal('text'), text: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }),
]);

/** How many columns of the lens are read at once: those that predict the positions of one block. */
export const lensBlock = 256;

const shownLens = v.object({
  ...v.omit(lens, ['tokens']).entries,
  /** The strip's index of the first column; −1 is the token before the strip. */
  first: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  /** The names of the tokens that were read: one per column. */
  columns: v.array(v.string()),
});
export type ShownLens = v.InferOutput<typeof shownLens>;

export const probabilitiesPanel = {
  content: v.object({
    /** A number that changes with every text that is read. */
    reading: count,
    /** False once the text has been edited. */
    isCurrent: v.boolean(),
    /** From the document's settings. */
    sampling,
    repetitionPenalty: v.number(),
  }),
  questions: {
    strip: {
      params: v.object({}),
      answer: v.object({ receipt, tokens: v.array(stripToken) }),
    },
    distribution: {
      params: v.object({ at: position, ...sampling.entries, top: v.pipe(count, v.maxValue(100)) }),
      answer: v.object({
        ...v.pick(nextTokens, ['receipt', 'tail', 'kept', 'entropy', 'drawnEntropy']).entries,
        /** The most probable first. The token of the text comes last if it is not among them. */
        candidates: v.array(panelCandidate),
        vocabulary: count,
        actual: v.nullable(panelCandidate),
      }),
    },
    /** The cells that predict the block's positions; with a followed token, also its rank in each cell. */
    lens: {
      params: v.object({ block: count, follow: v.nullable(followed) }),
      answer: v.object({ ...progress.entries, lens: v.nullable(shownLens) }),
    },
    /** One token's rank and probability in all layers that predict one position. */
    follow: {
      params: v.object({ at: position, token: followed }),
      answer: v.object({
        receipt,
        ...shownToken.entries,
        /** `[row]` */
        ranks: integers,
        /** `[row]` */
        probabilities: floats,
      }),
    },
  },
  order: v.variant('kind', [
    v.object({ kind: v.literal('read') }),
    /** Offers a token at a position, and what the model continues it with. */
    v.object({ kind: v.literal('continue'), at: position, alternative: shownToken }),
    /** The same in the place of what stands there, if a person wants it when they see it. */
    v.object({ kind: v.literal('replace'), at: position, alternative: shownToken }),
    /** Explain the token at a position (at the end the model's own) against the foil. */
    v.object({ kind: v.literal('why'), at: position, foil: v.nullable(count) }),
  ]),
} as const satisfies PanelProtocol;
export type ProbabilitiesPanel = typeof probabilitiesPanel;

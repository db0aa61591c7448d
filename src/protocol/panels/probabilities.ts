/** What the probabilities panel shows and asks for. */
import * as v from 'valibot';
import { count, progress, receipt, shownToken } from './common.ts';
import type { PanelProtocol } from './page.ts';

const probability = v.number();
const ids = v.custom<Int32Array>((value) => value instanceof Int32Array);
const probabilities = v.custom<Float32Array>((value) => value instanceof Float32Array);

const sampling = v.object({
  temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  /** 0 keeps all. */
  topK: count,
  topP: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});
export type PanelSampling = v.InferOutput<typeof sampling>;

const stripToken = v.object({
  ...shownToken,
  /** Whether it begins inside of a character. */
  inside: v.exactOptional(v.literal(true)),
  /** Of a piece of a character: the text's characters that begin in it. */
  begun: v.exactOptional(v.string()),
  /** 1 for the most probable token; null where nothing stands before it. */
  rank: v.nullable(count),
  /** In nats. */
  logProb: v.nullable(v.number()),
});
export type StripAnswerToken = v.InferOutput<typeof stripToken>;

const candidate = v.object({
  ...shownToken,
  rank: count,
  probability,
  logit: v.number(),
  /** After temperature, top-k and top-p; 0: cut off. */
  drawn: probability,
  /** Whether it is what stands in the text. */
  isActual: v.boolean(),
});
export type PanelCandidate = v.InferOutput<typeof candidate>;

/** Positions are indices of the strip's tokens; null is the end of the text. */
const position = v.nullable(count);

/** A token that a person or a cell names. */
const followed = v.variant('kind', [
  v.object({ kind: v.literal('id'), id: count }),
  v.object({ kind: v.literal('text'), text: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }),
]);

/** Columns of the lens that are read at once: those that predict the positions of one block. */
export const lensBlock = 256;

const lens = v.object({
  receipt,
  /** The strip's index of the first column; −1 is what stands in front of the strip. */
  first: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  /** The names of the tokens that were read: one per column. */
  columns: v.array(v.string()),
  /** The embeddings, then each layer; the last is the model's own prediction. */
  rows: count,
  /** `[row, column]`, all of them. */
  ids,
  probabilities,
  texts: v.array(v.object(shownToken)),
  followed: v.nullable(v.object({ ...shownToken, ranks: ids, probabilities })),
});
export type ShownLens = v.InferOutput<typeof lens>;

export const probabilitiesPanel = {
  content: v.object({
    /** Another number with every text that is read. */
    reading: count,
    /** False once the text has been edited. */
    isCurrent: v.boolean(),
    /** As the document's settings have it. */
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
        receipt: v.object({ ...receipt.entries, at: count, ...sampling.entries }),
        /** The most probable first; the one that stands in the text is the last where it is not among them. */
        candidates: v.array(candidate),
        /** All tokens that are not listed. */
        tail: v.object({ count, probability, drawn: probability }),
        /** How many tokens can be drawn. */
        kept: count,
        vocabulary: count,
        /** In nats: of the model's own distribution, and of what is drawn from. */
        entropy: v.number(),
        drawnEntropy: v.number(),
        actual: v.nullable(candidate),
      }),
    },
    /** The cells that predict the block's positions; with a token to follow, its rank in each of them. */
    lens: {
      params: v.object({ block: count, follow: v.nullable(followed) }),
      answer: v.object({ ...progress, lens: v.nullable(lens) }),
    },
    /** One token in the layers that predict one position. */
    follow: {
      params: v.object({ at: position, token: followed }),
      answer: v.object({
        receipt,
        ...shownToken,
        /** `[row]` */
        ranks: ids,
        probabilities,
      }),
    },
  },
  order: v.variant('kind', [
    v.object({ kind: v.literal('read') }),
    /** Puts a token, and what the model continues it with, at a position. */
    v.object({
      kind: v.literal('continue'),
      at: position,
      alternative: v.object(shownToken),
    }),
    /** Why does the token stand there (at the end: would it be the model's own), and not the foil? */
    v.object({ kind: v.literal('why'), at: position, foil: v.nullable(count) }),
  ]),
} as const satisfies PanelProtocol;
export type ProbabilitiesPanel = typeof probabilitiesPanel;

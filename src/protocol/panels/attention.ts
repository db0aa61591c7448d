/** What the attention panel shows and asks for. */
import * as v from 'valibot';
import { count, receipt, shownToken } from './common.ts';
import type { PanelProtocol } from './page.ts';

const floats = v.custom<Float32Array>((value) => value instanceof Float32Array);
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const mapViews = ['head', 'layer', 'mean', 'max', 'rollout'] as const;
export type MapViewName = (typeof mapViews)[number];

/** One head by its layer, both counted from 0. */
export const headIndex = v.object({ layer: count, head: count });

const tokens = v.array(v.object({ ...shownToken, start: count, end: count }));

/** As the engine gives them: `AttentionThumbnails`. */
const thumbnails = v.object({
  receipt,
  tokens,
  layers: count,
  heads: count,
  size: count,
  weights: bytes,
});
export type Thumbnails = v.InferOutput<typeof thumbnails>;

/** As the engine gives it: `AttentionMap`. */
const map = v.object({
  receipt,
  tokens,
  size: count,
  weights: floats,
  most: v.number(),
});
export type ShownMap = v.InferOutput<typeof map>;

/** As the engine gives them: `HeadPatterns`. */
const patterns = v.object({
  model: v.object({ name: v.string(), sha256: v.string() }),
  seed: v.number(),
  length: count,
  sequences: count,
  layers: count,
  heads: count,
  previous: floats,
  duplicate: floats,
  induction: floats,
  first: floats,
});
export type Patterns = v.InferOutput<typeof patterns>;

const candidates = v.array(v.object({ ...shownToken, probability: v.number() }));

/** What comes after the text, with all heads and without some. */
const prediction = v.object({
  receipt,
  without: v.array(headIndex),
  /** The most probable first. Without any head off, `after` is `before`. */
  before: candidates,
  after: candidates,
  target: v.object({
    ...shownToken,
    before: v.number(),
    after: v.number(),
    /** The target is not among the candidates that the engine lists any more: `after` is what it lies below. */
    isBound: v.boolean(),
  }),
});
export type Prediction = v.InferOutput<typeof prediction>;

export const attentionPanel = {
  content: v.object({
    /** Another one for every text that was read, the same while a text is only edited. */
    reading: count,
    /** The file's name. */
    document: v.string(),
    /** What the model is given. */
    text: v.string(),
    /** False once the text has been edited. */
    isCurrent: v.boolean(),
    /** The head that somebody asked for elsewhere, the structure panel say; `id` is another one each time. */
    asked: v.optional(v.nullable(v.object({ ...headIndex.entries, id: count })), null),
  }),
  questions: {
    thumbnails: {
      params: v.object({ size: v.pipe(count, v.minValue(1), v.maxValue(256)) }),
      answer: thumbnails,
    },
    map: {
      params: v.object({
        view: v.picklist(mapViews),
        /** Of the views `head` and `layer`. */
        layer: count,
        head: count,
        withoutFirst: v.boolean(),
        /** Times the gradient of the contrast between the most probable next token and the one after it. */
        gradient: v.boolean(),
      }),
      answer: map,
    },
    /** Measured once for each model. */
    patterns: { params: v.object({}), answer: patterns },
    prediction: { params: v.object({ without: v.array(headIndex) }), answer: prediction },
  },
  /** Read the text that is looked at now. */
  order: v.object({ type: v.literal('readAgain') }),
} as const satisfies PanelProtocol;
export type AttentionPanel = typeof attentionPanel;

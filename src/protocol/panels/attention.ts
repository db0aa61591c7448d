/** What the attention panel shows and asks for. */
import * as v from 'valibot';
import { attentionMap, attentionThumbnails } from '../results/attention.ts';
import { count } from '../results/common.ts';
import { headIndex, headPatterns } from '../results/heads.ts';
import { receipt } from '../results/receipt.ts';
import { probableToken, shownToken } from '../results/tokens.ts';
import type { PanelProtocol } from './page.ts';

export const mapViews = ['head', 'layer', 'mean', 'max', 'rollout'] as const;
export type MapViewName = (typeof mapViews)[number];

/** What comes after the text, with all heads and without some. */
const prediction = v.object({
  receipt,
  without: v.array(headIndex),
  /** The most probable first. Without any head off, `after` is `before`. */
  before: v.array(probableToken),
  after: v.array(probableToken),
  target: v.object({
    ...shownToken.entries,
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
      answer: attentionThumbnails,
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
      answer: attentionMap,
    },
    /** Measured once for each model. */
    patterns: { params: v.object({}), answer: headPatterns },
    prediction: { params: v.object({ without: v.array(headIndex) }), answer: prediction },
  },
  /** Read the text that is looked at now. */
  order: v.object({ type: v.literal('readAgain') }),
} as const satisfies PanelProtocol;
export type AttentionPanel = typeof attentionPanel;

/** What the attention panel shows and asks for. */
import * as v from 'valibot';
import { limits } from '../limits.ts';
import { attentionMap, attentionThumbnails } from '../results/attention.ts';
import { count } from '../results/common.ts';
import { headIndex, headPatterns } from '../results/heads.ts';
import { receipt } from '../results/receipt.ts';
import { probableToken, shownToken } from '../results/tokens.ts';
import type { PanelProtocol } from './page.ts';

export const mapViews = ['head', 'layer', 'mean', 'max', 'rollout'] as const;
export type MapViewName = (typeof mapViews)[number];

/** What comes after the text, with all heads and with some switched off. */
const prediction = v.object({
  receipt,
  without: v.array(headIndex),
  /** The most probable first. If no head is switched off, `after` equals `before`. */
  before: v.array(probableToken),
  after: v.array(probableToken),
  target: v.object({
    ...shownToken.entries,
    before: v.number(),
    after: v.number(),
    /** True if the engine no longer lists the target: `after` is then an upper bound of its probability. */
    isBound: v.boolean(),
  }),
});
export type Prediction = v.InferOutput<typeof prediction>;

export const attentionPanel = {
  content: v.object({
    /** A number that changes with every text that is read, but not with its edits. */
    reading: count,
    /** The file's name. */
    document: v.string(),
    /** False once the text has been edited. */
    isCurrent: v.boolean(),
    /** The head that somebody asked for elsewhere, as in the structure panel; `id` changes with every request. */
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
        /** For the views `head` and `layer`. */
        layer: count,
        head: count,
        withoutFirst: v.boolean(),
        /** Multiplies by the gradient of the contrast between the most probable next token and its strongest competitor. */
        gradient: v.boolean(),
      }),
      answer: attentionMap,
    },
    /** Measured once for each model. */
    patterns: { params: v.object({}), answer: headPatterns },
    prediction: {
      params: v.object({ without: v.pipe(v.array(headIndex), v.maxLength(limits.heads)) }),
      answer: prediction,
    },
  },
  /** Read the text that a person is looking at now. */
  order: v.object({ type: v.literal('readAgain') }),
} as const satisfies PanelProtocol;
export type AttentionPanel = typeof attentionPanel;

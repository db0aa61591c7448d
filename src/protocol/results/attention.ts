import * as v from 'valibot';
import { bytes, count, floats } from './common.ts';
import { receipt } from './receipt.ts';
import { alternative, shownToken, tokenSpan } from './tokens.ts';

export const attentionMaps = v.object({
  receipt,
  tokens: v.array(tokenSpan),
  /** Indices of the layers and heads that were asked for, in the order of the maps. */
  layers: v.array(count),
  heads: v.array(count),
  /** Post-softmax weights: one `[query, key]` matrix, row-major, per `[layer][head]`. */
  attention: v.array(v.array(floats)),
});
export type AttentionMaps = v.InferOutput<typeof attentionMaps>;

/** What one token, the query, attends to. */
export const attentionRows = v.object({
  receipt,
  /** The keys: the tokens up to the query, which is the last one. With BOS that is the first, with an empty range. */
  tokens: v.array(tokenSpan),
  /** The view's weight of each key, summing to 1: `[key]`. */
  weights: floats,
  layers: count,
  heads: count,
  /** The post-softmax weights of every head: `[layer, head, key]`. */
  rows: floats,
  /** What the model expects after the query. */
  next: v.array(alternative),
});
export type AttentionRows = v.InferOutput<typeof attentionRows>;

/** What one attention map shows: see `AttentionMapParams`. */
export const attentionMap = v.object({
  receipt,
  /** Queries and keys. With BOS that is the first, with an empty range. */
  tokens: v.array(tokenSpan),
  /**
   * How many rows and columns the map has: one per token, or fewer if it was pooled. Token t is in row and column ⌊t ·
   * size / tokens⌋.
   */
  size: count,
  /** `[query, key]`, row-major; 0 above the diagonal. */
  weights: floats,
  /** The largest weight. */
  most: v.number(),
  /** With gradients: of which target's logit, and less which foil's; null: of the target alone. */
  contrast: v.nullable(v.object({ target: shownToken, foil: v.nullable(shownToken) })),
});
export type AttentionMap = v.InferOutput<typeof attentionMap>;

/** All heads of a text as small maps. */
export const attentionThumbnails = v.object({
  receipt,
  tokens: v.array(tokenSpan),
  layers: count,
  heads: count,
  /** As in {@link attentionMap}. */
  size: count,
  /** `[layer, head, query, key]`, each the largest weight of its cell, in units of 1/255. */
  weights: bytes,
});
export type AttentionThumbnails = v.InferOutput<typeof attentionThumbnails>;

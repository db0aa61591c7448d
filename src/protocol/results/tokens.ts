import * as v from 'valibot';
import { count } from './common.ts';

/**
 * A token that is shown. It has a `name` only if its bytes are not text by themselves: the bytes, ` ‹E5 9B›`, or for a
 * token of the text, or one that is expected after it, its character and which part of it this is, `国 1/3`. The name is only for people: do not search or
 * insert text by it.
 */
export const shownToken = v.object({
  id: count,
  /** The token's bytes decoded as UTF-8; bytes that are only part of a character become U+FFFD. */
  text: v.string(),
  name: v.exactOptional(v.string()),
});
export type ShownToken = v.InferOutput<typeof shownToken>;

/** One token of the text. Ranges of consecutive tokens tile the text: the `end` of one is the `start` of the next. */
export const tokenSpan = v.object({
  ...shownToken.entries,
  start: count,
  /** Equals `start` for a token that only continues a character begun by an earlier token. */
  end: count,
  /** Only present if the token begins inside a character. */
  inside: v.exactOptional(v.literal(true)),
});
export type TokenSpan = v.InferOutput<typeof tokenSpan>;

/** A token that was expected or stands in the text, with its probability there. */
export const probableToken = v.object({
  ...shownToken.entries,
  probability: v.number(),
});
export type ProbableToken = v.InferOutput<typeof probableToken>;

export const alternative = v.object({
  ...probableToken.entries,
  logit: v.number(),
});
export type Alternative = v.InferOutput<typeof alternative>;

import * as v from 'valibot';
import { count } from './common.ts';

/**
 * A token that is shown. `name` is only there where its bytes are not text by themselves: by bytes, ` ‹E5 9B›`; where it
 * stands in the text, by its character and which part of it this is, `国 1/3`. It is for people: nothing is found by it,
 * and nothing inserted.
 */
export const shownToken = v.object({
  id: count,
  /** The token's bytes decoded as UTF-8; bytes that are only part of a character become U+FFFD. */
  text: v.string(),
  name: v.exactOptional(v.string()),
});
export type ShownToken = v.InferOutput<typeof shownToken>;

/** One token of the text. Ranges of consecutive tokens tile the text: `end` of one is `start` of the next. */
export const tokenSpan = v.object({
  ...shownToken.entries,
  start: count,
  /** Equals `start` for a token that only continues a character begun by an earlier token. */
  end: count,
  /** Only where it begins inside of a character. */
  inside: v.exactOptional(v.literal(true)),
});
export type TokenSpan = v.InferOutput<typeof tokenSpan>;

/** A token that was expected, or stands in the text, and how probable it was there. */
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

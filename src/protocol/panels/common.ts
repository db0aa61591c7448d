/** Shapes that several panels share. */
import * as v from 'valibot';

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How far a long job is, in whatever it counts; `total` is null where it is not known. */
export const progress = { done: count, total: v.nullable(count) };

/** As `ShownToken` in results.ts. */
export const shownToken = { id: count, text: v.string(), name: v.exactOptional(v.string()) };

/** What an answer about a text was made from, as `Receipt` in results.ts. */
export const receipt = v.object({
  whytoken: v.string(),
  model: v.object({ name: v.string(), sha256: v.string() }),
  textSha256: v.string(),
  bos: v.boolean(),
  droppedTokens: count,
  milliseconds: v.number(),
});
export type PanelReceipt = v.InferOutput<typeof receipt>;

/** A line of a list of facts: a receipt's, say. */
export const fact = v.object({ name: v.string(), value: v.string() });
export type Fact = v.InferOutput<typeof fact>;

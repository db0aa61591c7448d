/** Shapes that several panels share. */
import * as v from 'valibot';
import { count } from '../results/common.ts';

/** How far a long job is, in units of its own; `total` is null if it is not known. */
export const progress = v.object({ done: count, total: v.nullable(count) });

/** A line of a list of facts, such as a receipt's. */
export const fact = v.object({
  /** What it is of, where somebody must know. */
  id: v.optional(v.string()),
  name: v.string(),
  value: v.string(),
});
export type Fact = v.InferOutput<typeof fact>;

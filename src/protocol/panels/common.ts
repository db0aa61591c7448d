/** Shapes that several panels share. */
import * as v from 'valibot';
import { count } from '../results/common.ts';

/** How far a long job is, in whatever it counts; `total` is null where it is not known. */
export const progress = v.object({ done: count, total: v.nullable(count) });

/** A line of a list of facts: a receipt's, say. */
export const fact = v.object({ name: v.string(), value: v.string() });
export type Fact = v.InferOutput<typeof fact>;

/** Shapes that several panels share. */
import * as v from 'valibot';

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A line of a list of facts: a receipt's, say. */
export const fact = v.object({ name: v.string(), value: v.string() });
export type Fact = v.InferOutput<typeof fact>;

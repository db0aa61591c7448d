/** One line of what is evaluated. */
import * as v from 'valibot';

const offset = v.pipe(v.number(), v.integer(), v.minValue(0));

export const example = v.strictObject({
  /** Its end is what is predicted from. */
  text: v.pipe(v.string(), v.minLength(1)),
  /** One token each; left out, the model's own choice and its strongest competitor. */
  target: v.exactOptional(v.string()),
  foil: v.exactOptional(v.string()),
  /** UTF-16 ranges of the text, where the evidence for the target is known to be. */
  evidence: v.exactOptional(v.array(v.tuple([offset, offset]))),
});
export type Example = v.InferOutput<typeof example>;
